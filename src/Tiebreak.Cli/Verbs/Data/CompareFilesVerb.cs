using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Auditing;

namespace Tiebreak.Cli.Verbs.Data;

internal sealed class CompareFilesVerb : Verb
{
    private readonly Argument<string> _train = new("train") { Description = "Battles that a judge learns from." };
    private readonly Argument<string> _test = new("test") { Description = "Battles that it is for; labels are not needed." };
    private readonly Option<string?> _report = new("--report") { Description = "Also write the comparison as one HTML file." };

    public CompareFilesVerb(Surface surface)
        : base("compare", "Say whether two files differ, by what, and which battles of one look like the other.", surface)
    {
        Add(_train);
        Add(_test);
        Add(_report);
        AddInputOptions();
        Examples = ["data compare train.csv test.csv", "data compare train.csv last-month.jsonl --report difference.html"];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var compare = new CompareFiles { Train = parse.GetRequiredValue(_train), Test = parse.GetRequiredValue(_test) };
        session.Report(
            await session.RunAsync(context => compare.RunAsync(context, cancellationToken)),
            () => AppJson.Default.FileComparisonDocument, parse.GetValue(_report));
        return TiebreakCommand.Ok;
    }
}
