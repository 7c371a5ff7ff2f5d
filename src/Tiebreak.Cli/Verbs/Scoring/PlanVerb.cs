using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Predicting;
using Tiebreak.Core;
using Tiebreak.Runs.Budgets;

namespace Tiebreak.Cli.Verbs.Scoring;

internal sealed class PlanVerb : Verb
{
    private readonly Option<string?> _judge = new("--judge") { Description = "Folder of the judge's bundle." };
    private readonly Option<string> _data = new("--data")
    {
        Description = "Battles to predict, in any format that Tiebreak reads.",
        Required = true,
    };
    private readonly Option<string?> _budget = new("--budget") { Description = "The time that there is: 9h, 90m, 1h30m." };
    private readonly Option<string> _sample = new("--sample") { Description = "How long to measure.", DefaultValueFactory = _ => "5s" };

    private readonly CheckpointPlanOptions _checkpoint;

    public PlanVerb(Surface surface)
        : base("plan", "Say how long a prediction will take and how much memory, with a judge or before a checkpoint is loaded.", surface)
    {
        Add(_judge);
        Add(_data);
        Add(_budget);
        Add(_sample);
        AddInputOptions(ofTestRows: true);
        AddJudgeOptions();
        _checkpoint = new CheckpointPlanOptions(this, Device);
        Examples =
        [
            "plan --judge judge --data test.csv --budget 9h",
            "plan --judge judge --data test.csv --sample 30s --json",
            "plan --model gemma-2-9b-it --data test.csv --device cuda:0,cuda:1",
        ];
    }

    protected override bool SharesDevices => true;

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var time = TimeBudget.ParseDuration(parse.GetRequiredValue(_sample));
        var budget = parse.GetValue(_budget) is { } text ? TimeBudget.ParseDuration(text) : (TimeSpan?)null;
        var judge = parse.GetValue(_judge);
        if (judge is null == _checkpoint.Model(parse) is null)
            throw new InputException("Give either --judge BUNDLE or --model DIR.");
        if (judge is null)
        {
            await _checkpoint.RunAsync(parse, session, parse.GetRequiredValue(_data), budget, cancellationToken);
            return TiebreakCommand.Ok;
        }

        var plan = new PlanRun { Judge = judge, Data = parse.GetRequiredValue(_data), Sample = time, Budget = budget };
        session.Report(await session.RunAsync(context => plan.RunAsync(context, cancellationToken)), () => AppJson.Default.PlanDocument);
        return TiebreakCommand.Ok;
    }
}
