using System.Diagnostics.Metrics;

namespace Tiebreak.Core.Diagnostics;

/// <summary>
/// What Tiebreak counts and times while it works. Whoever wants the numbers (OpenTelemetry, dotnet-counters, a
/// <see cref="MeterListener"/>) listens to the meter <see cref="Name"/>; as long as nobody does, nothing is recorded. The instruments and
/// their tags are listed in docs/libraries/core.md.
/// </summary>
internal static class TiebreakMeter
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Tiebreak";

    public const string KindTag = "tiebreak.judge.kind";
    public const string OrdersTag = "tiebreak.judge.orders";
    public const string CodeTag = "tiebreak.failure.code";
    public const string PassTag = "tiebreak.run.pass";
    public const string StepTag = "tiebreak.training.step";

    private static readonly Meter Meter = new(Name);

    /// <summary>Battles that judges of bundles have answered, with or without a preference.</summary>
    public static Counter<long> Battles { get; } =
        Meter.CreateCounter<long>("tiebreak.judge.battles", "{battle}", "Battles that judges have answered.");

    /// <summary>Battles that got no preference, by the code of their failure.</summary>
    public static Counter<long> Failures { get; } =
        Meter.CreateCounter<long>("tiebreak.judge.failures", "{battle}", "Battles without a preference, by code.");

    /// <summary>Tokens that models have computed for judges.</summary>
    public static Counter<long> Tokens { get; } =
        Meter.CreateCounter<long>("tiebreak.judge.tokens", "{token}", "Tokens that models have computed.");

    /// <summary>How long requests to judges took.</summary>
    public static Histogram<double> RequestDuration { get; } =
        Meter.CreateHistogram<double>("tiebreak.judge.request.duration", "s", "Time of a request to a judge, whatever its size.");

    /// <summary>Shards of runs that were finished.</summary>
    public static Counter<long> Shards { get; } =
        Meter.CreateCounter<long>("tiebreak.run.shards", "{shard}", "Shards of runs that this process has finished.");

    /// <summary>How long the judging of a shard took.</summary>
    public static Histogram<double> ShardDuration { get; } =
        Meter.CreateHistogram<double>("tiebreak.run.shard.duration", "s", "Time of judging a shard.");

    /// <summary>Steps that trainings have reported.</summary>
    public static Counter<long> TrainingSteps { get; } =
        Meter.CreateCounter<long>("tiebreak.training.steps", "{step}", "Steps that trainings have reported, by name.");

    /// <summary>The latest loss of a training.</summary>
    public static Gauge<double> TrainingLoss { get; } =
        Meter.CreateGauge<double>("tiebreak.training.loss", "nat", "Log loss that a step of a training has reported.");

    /// <summary>Counts battles that got no preference.</summary>
    public static void CountFailures(Judging.FailureCode code, int battles) =>
        Failures.Add(battles, new KeyValuePair<string, object?>(CodeTag, code.ToString()));
}
