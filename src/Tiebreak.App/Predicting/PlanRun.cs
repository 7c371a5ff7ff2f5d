using System.Diagnostics;
using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Judging;
using Tiebreak.Data;
using Tiebreak.Reports.Documents;
using Tiebreak.Runs.Planning;

namespace Tiebreak.App.Predicting;

/// <summary>Says how long a judge will take for a file and how much memory, from a short measurement.</summary>
public sealed record PlanRun
{
    /// <summary>Folder of the judge's bundle.</summary>
    public required string Judge { get; init; }

    /// <summary>File of the battles.</summary>
    public required string Data { get; init; }

    /// <summary>How long to measure.</summary>
    public required TimeSpan Sample { get; init; }

    /// <summary>The time that there is; null where nobody said.</summary>
    public TimeSpan? Budget { get; init; }

    /// <summary>Measures.</summary>
    /// <exception cref="InputException">The bundle or the data cannot be used.</exception>
    /// <exception cref="TiebreakException">The judge finished no battle.</exception>
    public async Task<PlanDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var bundle = await context.OpenAsync(Judge, cancellationToken).ConfigureAwait(false);
        await using var closing = bundle.ConfigureAwait(false);
        context = context.ReadingFor(bundle);
        var set = await BattleFiles.LoadAsync(context, [Data], BattlePurpose.Test, cancellationToken).ConfigureAwait(false);
        var speed = await SpeedSample.MeasureAsync(bundle.OneOrder, set.Battles, Sample, TimeProvider.System, cancellationToken)
            .ConfigureAwait(false);
        if (speed.SecondsForAll <= 0)
        {
            throw speed.Failure is { } failure
                ? new TiebreakException($"The judge fails on every battle that was tried: {failure}")
                : new TiebreakException("The judge did not finish a single battle in that time. Give it more, for instance `sample` 60s.")
                {
                    Parameters = ["sample"],
                };
        }

        var orders = bundle.Manifest.Swap == SwapPolicy.Always && !bundle.OneOrder.Traits.IsSymmetric ? 2 : 1;
        return new PlanDocument(speed, set.Battles.Count, orders, Budget);
    }
}

/// <summary>What a prediction will take.</summary>
public sealed class PlanDocument : IDocument
{
    private readonly SpeedSample _speed;
    private readonly TimeSpan? _budget;

    internal PlanDocument(SpeedSample speed, int rows, int orders, TimeSpan? budget)
    {
        (_speed, Rows, Orders, _budget) = (speed, rows, orders, budget);
        using var process = Process.GetCurrentProcess();
        MemoryBytes = process.PeakWorkingSet64;
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => "Plan of a prediction";

    /// <summary>Battles.</summary>
    public int Rows { get; }

    /// <summary>Battles that were judged to measure.</summary>
    public int SampleRows => _speed.Rows;

    /// <summary>Seconds that every battle takes, whatever its length.</summary>
    public double SecondsPerRow => _speed.SecondsPerRow;

    /// <summary>Seconds that an estimated token takes.</summary>
    public double SecondsPerToken => _speed.SecondsPerToken;

    /// <summary>Seconds of one order of all battles.</summary>
    public double SecondsOneOrder => _speed.SecondsForAll;

    /// <summary>Seconds of all orders.</summary>
    public double Seconds => SecondsOneOrder * Orders;

    /// <summary>Battles a second, in one order.</summary>
    public double RowsPerSecond => Rows / SecondsOneOrder;

    /// <summary>Orders that this judge needs.</summary>
    public int Orders { get; }

    /// <summary>Most memory of the process so far, in bytes.</summary>
    public long MemoryBytes { get; }

    /// <summary>Whether that fits into the time that there is; null where nobody said how much there is.</summary>
    public bool? Fits => _budget is { } budget ? Seconds <= budget.TotalSeconds : null;

    /// <inheritdoc/>
    public IEnumerable<Section> Sections()
    {
        yield return new Paragraph(
            Invariant($"Measured on {Quantity.Of(SampleRows, "battle")} of all lengths: {1e3 * SecondsPerRow:0.###} ms a battle and ") +
            Invariant($"{1e6 * SecondsPerToken:0.###} ms per thousand tokens."));
        var both = Orders == 2 ? $", {Duration(Seconds)} in both" : "; this judge needs no second one";
        yield return new Paragraph(
            $"{Quantity.Of(Rows, "battle takes", "battles take")} {Duration(SecondsOneOrder)} in one order " +
            $"({Quantity.PerSecond(RowsPerSecond)}){both}.");
        yield return new Paragraph(Invariant($"Memory of the process so far: {MemoryBytes >> 20:N0} MiB, for every worker."));
        if (_budget is not { TotalSeconds: var limit })
            yield break;
        yield return new Paragraph(Seconds <= limit
            ? $"That fits into {Duration(limit)}."
            : Invariant($"{Duration(limit)} are enough for {limit / SecondsOneOrder:0.00} orders; ") +
              "a prediction with that time budget makes the best of them.");
    }

    private static string Duration(double seconds) => seconds < 120
        ? Invariant($"{seconds:0.#} s")
        : Invariant($"{TimeSpan.FromSeconds(seconds):d\\.hh\\:mm\\:ss}").Replace("0.", "", StringComparison.Ordinal);
}
