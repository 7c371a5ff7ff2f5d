using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Comparing;
using Tiebreak.Core.Battles;

namespace Tiebreak.Cli.Verbs;

internal sealed class CompareVerb : Verb
{
    private readonly Option<string> _judge = new("--judge") { Description = "Folder of the judge's bundle.", Required = true };
    private readonly Option<string> _prompt = new("--prompt") { Description = "What the person asked.", Required = true };
    private readonly Option<string> _a = new("--a") { Description = "The first response.", Required = true };
    private readonly Option<string> _b = new("--b") { Description = "The second response.", Required = true };

    public CompareVerb(Surface surface)
        : base("compare", "Compare two responses to one prompt: probabilities in both orders, and why.", surface)
    {
        Add(_judge);
        Add(_prompt);
        Add(_a);
        Add(_b);
        AddJudgeOptions();
        AddMembersOption();
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var comparison = new CompareBattle
        {
            Judge = parse.GetRequiredValue(_judge),
            Battle = new Battle
            {
                Id = "compare",
                Turns = [new Turn(parse.GetRequiredValue(_prompt), parse.GetRequiredValue(_a), parse.GetRequiredValue(_b))],
            },
        };
        session.Report(
            await session.RunAsync(context => comparison.RunAsync(context, cancellationToken)), () => AppJson.Default.ComparisonDocument);
        return TiebreakCommand.Ok;
    }
}
