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
    private readonly TuningPlanOptions _tuning;

    public PlanVerb(Surface surface)
        : base(
            "plan",
            "Say how long a prediction or the tuning of a transformer will take and how much memory, before anything is loaded or with a "
                + "judge.",
            surface)
    {
        Add(_judge);
        Add(_data);
        Add(_budget);
        Add(_sample);
        AddInputOptions(ofTestRows: true);
        AddJudgeOptions();
        _checkpoint = new CheckpointPlanOptions(this, Device);
        _tuning = new TuningPlanOptions(this, Device);
        Examples =
        [
            "plan --judge judge --data test.csv --budget 9h",
            "plan --judge judge --data test.csv --sample 30s --json",
            "plan --model gemma-2-9b-it --data test.csv --device cuda:0,cuda:1",
            "plan --train minilm --data train.csv --price 1.20",
        ];
    }

    protected override bool SharesDevices => true;

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var time = TimeBudget.ParseDuration(parse.GetRequiredValue(_sample));
        var budget = parse.GetValue(_budget) is { } text ? TimeBudget.ParseDuration(text) : (TimeSpan?)null;
        var judge = parse.GetValue(_judge);
        string?[] subjects = [judge, _checkpoint.Model(parse), _tuning.Recipe(parse)];
        if (subjects.Count(subject => subject is not null) != 1)
            throw new InputException("Give one of --judge BUNDLE, --model DIR and --train RECIPE.");
        if (judge is null)
        {
            await (_tuning.Recipe(parse) is null
                ? _checkpoint.RunAsync(parse, session, parse.GetRequiredValue(_data), budget, _tuning.Price(parse), cancellationToken)
                : _tuning.RunAsync(parse, session, parse.GetRequiredValue(_data), budget, cancellationToken));
            return TiebreakCommand.Ok;
        }

        var plan = new PlanRun { Judge = judge, Data = parse.GetRequiredValue(_data), Sample = time, Budget = budget };
        session.Report(await session.RunAsync(context => plan.RunAsync(context, cancellationToken)), () => AppJson.Default.PlanDocument);
        return TiebreakCommand.Ok;
    }
}
