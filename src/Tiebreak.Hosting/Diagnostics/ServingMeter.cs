using System.Diagnostics;
using System.Diagnostics.Metrics;
using Tiebreak.Core.Diagnostics;

namespace Tiebreak.Hosting.Diagnostics;

/// <summary>
/// What a service counts and times, beside what judges do (<see cref="TiebreakMeter"/>) and what ASP.NET Core says of requests. The
/// instruments are listed in docs/libraries/hosting.md; as long as nobody listens, nothing is recorded.
/// </summary>
internal static class ServingMeter
{
    /// <summary>The source of traces.</summary>
    public const string SourceName = TiebreakMeter.Name;

    public const string ResultTag = "tiebreak.result";

    public const string VersionTag = "tiebreak.judge.version";

    private static readonly Meter Meter = new(TiebreakMeter.Name);
    private static readonly ActivitySource Source = new(SourceName);


    /// <summary>A span of the traces: one batch. It has a trace of its own, with links to the requests whose battles are in it.</summary>
    /// <returns>Null if nobody listens.</returns>
    public static Activity? StartBatch(int battles, long tokens, IEnumerable<ActivityContext> callers) =>
        !Source.HasListeners() ? null : Source.StartActivity(
            "tiebreak.batch", ActivityKind.Internal, parentContext: default,
            tags: [new("tiebreak.batch.battles", battles), new("tiebreak.batch.tokens", tokens)],
            links: callers.Select(caller => new ActivityLink(caller)));

    /// <summary>Battles that wait.</summary>
    public static UpDownCounter<int> Waiting { get; } =
        Meter.CreateUpDownCounter<int>("tiebreak.queue.battles", "{battle}", "Battles that wait for the judge.");

    /// <summary>How long battles waited.</summary>
    public static Histogram<double> WaitDuration { get; } =
        Meter.CreateHistogram<double>("tiebreak.queue.duration", "s", "Time that battles waited for the judge.");

    /// <summary>Battles judged at once.</summary>
    public static Histogram<int> BatchBattles { get; } =
        Meter.CreateHistogram<int>("tiebreak.batch.battles", "{battle}", "Battles of a batch.");

    /// <summary>Tokens judged at once.</summary>
    public static Histogram<long> BatchTokens { get; } =
        Meter.CreateHistogram<long>("tiebreak.batch.tokens", "{token}", "Tokens of a batch, as estimated.");

    /// <summary>What judges named, by outcome: model_a, model_b, tie, abstained, failed. The share of ties follows from it.</summary>
    public static Counter<long> Results { get; } =
        Meter.CreateCounter<long>("tiebreak.results", "{battle}", "Battles answered, by what the judge named.");

    /// <summary>Battles about which the shadow was asked: same, different, failed, or dropped because it had too much to do.</summary>
    public static Counter<long> Shadowed { get; } =
        Meter.CreateCounter<long>("tiebreak.shadow.battles", "{battle}", "Battles that the shadow was asked about, by what came of it.");
}
