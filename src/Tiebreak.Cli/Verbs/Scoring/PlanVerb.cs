using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Cli.Output;
using Tiebreak.Core;
using Tiebreak.Core.Judging;
using Tiebreak.Data;
using Tiebreak.Runs.Budgets;
using Tiebreak.Runs.Planning;

namespace Tiebreak.Cli.Verbs.Scoring;

internal sealed class PlanVerb : Verb
{
    private readonly Option<string?> _judge = new("--judge") { Description = "Folder of the judge's bundle." };
    private readonly Option<string> _data = new("--data") { Description = "Battles to predict, in any format that Tiebreak reads.", Required = true };
    private readonly Option<string?> _budget = new("--budget") { Description = "The time that there is: 9h, 90m, 1h30m." };
    private readonly Option<string> _sample = new("--sample") { Description = "How long to measure.", DefaultValueFactory = _ => "5s" };

    private readonly CheckpointPlan _checkpoint;

    public PlanVerb(Surface surface)
        : base("plan", "Say how long a prediction will take and how much memory, with a judge or before a checkpoint is loaded.", surface)
    {
        Add(_judge);
        Add(_data);
        Add(_budget);
        Add(_sample);
        AddJudgeOptions();
        _checkpoint = new CheckpointPlan(this, Device);
        Examples = ["plan --judge judge --data test.csv --budget 9h", "plan --judge judge --data test.csv --sample 30s --json", "plan --model gemma-2-9b-it --data test.csv --device cuda:0,cuda:1"];
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

        await using var bundle = await session.OpenJudgeAsync(judge, cancellationToken);
        var set = await BattleLoading.LoadAsync(session, [parse.GetRequiredValue(_data)], BattlePurpose.Test, cancellationToken);
        var speed = await ProgressDisplay.RunAsync(
            session, _ => SpeedSample.MeasureAsync(bundle.OneOrder, set.Battles, time, TimeProvider.System, cancellationToken));
        if (speed.SecondsForAll <= 0)
        {
            throw new TiebreakException(speed.Failure is { } failure
                ? $"The judge fails on every battle that was tried: {failure}"
                : "The judge did not finish a single battle in that time. Give it more, for instance --sample 60s.");
        }

        var orders = bundle.Manifest.Swap == SwapPolicy.Always && !bundle.OneOrder.Traits.IsSymmetric ? 2 : 1;
        var (seconds, rows) = (speed.SecondsForAll * orders, set.Battles.Count);
        using var process = Process.GetCurrentProcess();
        var memory = process.PeakWorkingSet64;
        session.Say(Format($"Measured on {speed.Rows:N0} battles of all lengths: {1e3 * speed.SecondsPerRow:0.###} ms a battle and {1e6 * speed.SecondsPerToken:0.###} ms per thousand tokens."));
        session.Say(Format($"{rows:N0} battles take {Duration(speed.SecondsForAll)} in one order ({rows / speed.SecondsForAll:N0}/s){(orders == 2 ? $", {Duration(seconds)} in both" : "; this judge needs no second one")}."));
        session.Say(Format($"Memory of the process so far: {memory >> 20:N0} MiB, for every worker."));
        if (budget is { } limit)
        {
            session.Say(seconds <= limit.TotalSeconds
                ? Format($"That fits into {Duration(limit.TotalSeconds)}.")
                : Format($"{Duration(limit.TotalSeconds)} are enough for {limit.TotalSeconds / speed.SecondsForAll:0.00} orders; `predict --budget` makes the best of them."));
        }

        session.Emit(new JsonObject
        {
            ["rows"] = rows,
            ["sample_rows"] = speed.Rows,
            ["seconds_per_row"] = speed.SecondsPerRow,
            ["seconds_per_token"] = speed.SecondsPerToken,
            ["seconds_one_order"] = speed.SecondsForAll,
            ["seconds"] = seconds,
            ["rows_per_second"] = rows / speed.SecondsForAll,
            ["orders"] = orders,
            ["memory_bytes"] = memory,
            ["fits"] = budget is { } given ? seconds <= given.TotalSeconds : null,
        });
        return TiebreakCommand.Ok;
    }

    private static string Duration(double seconds) =>
        seconds < 120 ? Format($"{seconds:0.#} s") : Format($"{TimeSpan.FromSeconds(seconds):d\\.hh\\:mm\\:ss}").Replace("0.", "", StringComparison.Ordinal);

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
