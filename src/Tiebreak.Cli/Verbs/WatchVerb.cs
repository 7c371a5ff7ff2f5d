using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Watching;

namespace Tiebreak.Cli.Verbs;

internal sealed class WatchVerb : Verb
{
    private readonly Option<string> _judge = new("--judge") { Description = "Folder of the judge's bundle.", Required = true };
    private readonly Option<string[]> _votes = new("--votes")
    {
        Description = "Battles with votes, in the order in which they were cast, in any format that Tiebreak reads.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string?> _state = new("--state")
    {
        Description = "File in which the watch goes on from day to day; created where it is missing. Votes that it knows are passed over.",
    };
    private readonly Option<string?> _reference = new("--reference")
    {
        Description = "Labelled battles from a time when all was well. Default: the validation that the bundle states.",
    };

    public WatchVerb(Surface surface)
        : base("watch", "Raise an alarm when a judge becomes worse on new votes, or the votes change; may be looked at daily.", surface)
    {
        foreach (var option in (Option[])[_judge, _votes, _state, _reference])
            Add(option);
        AddInputOptions();
        AddJudgeOptions();
        Examples =
        [
            "watch --judge judge --votes votes.jsonl --state watch.json",
            "watch --judge judge --votes monday.jsonl tuesday.jsonl --reference last-month.jsonl",
        ];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var watch = new WatchVotes
        {
            Judge = parse.GetRequiredValue(_judge),
            Votes = parse.GetRequiredValue(_votes),
            State = parse.GetValue(_state),
            Reference = parse.GetValue(_reference),
        };
        var document = await session.RunAsync(context => watch.RunAsync(context, cancellationToken));
        session.Report(document, () => AppJson.Default.WatchDocument);
        return document.IsAlarm ? TiebreakCommand.Failed : TiebreakCommand.Ok;
    }
}
