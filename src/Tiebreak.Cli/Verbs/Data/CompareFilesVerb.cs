using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Auditing;

namespace Tiebreak.Cli.Verbs.Data;

internal sealed class CompareFilesVerb : Verb
{
    private readonly Argument<string> _train = new("train") { Description = "Battles that a judge learns from." };
    private readonly Argument<string> _test = new("test") { Description = "Battles that it is for; labels are not needed." };
    private readonly Option<string?> _report = new("--report") { Description = "Also write the comparison as one HTML file." };

    private readonly Option<string?> _weights = new("--weights")
    {
        Description = "Also write a weight for each battle of TRAIN, so that it looks like TEST: the file that train --weights takes.",
    };

    public CompareFilesVerb(Surface surface)
        : base("compare", "Say whether two files differ, by what, and which battles of one look like the other.", surface)
    {
        Add(_train);
        Add(_test);
        Add(_report);
        Add(_weights);
        AddInputOptions();
        Examples = ["data compare train.csv test.csv", "data compare train.csv last-month.jsonl --weights weights.csv"];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var compare = new CompareFiles
        {
            Train = parse.GetRequiredValue(_train),
            Test = parse.GetRequiredValue(_test),
            Weights = parse.GetValue(_weights),
        };
        session.Report(
            await session.RunAsync(context => compare.RunAsync(context, cancellationToken)),
            () => AppJson.Default.FileComparisonDocument, parse.GetValue(_report));
        return TiebreakCommand.Ok;
    }
}
