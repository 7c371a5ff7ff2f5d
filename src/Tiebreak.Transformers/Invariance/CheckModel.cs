using System.Diagnostics;
using Tiebreak.Core;
using Tiebreak.Torch;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Planning;
using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Transformers.Invariance;

/// <summary>
/// Computes the same battles in several ways, and says in which of them a battle has the same bits whatever is computed with it, and what
/// that costs.
/// </summary>
internal sealed record CheckModel
{
    /// <summary>Folder of the checkpoint.</summary>
    public required string Model { get; init; }

    /// <summary>The battles as tokens.</summary>
    public required IReadOnlyList<TokenSequence> Rows { get; init; }

    /// <summary>Folder of a PEFT adapter to apply; null for none.</summary>
    public string? Adapter { get; init; }

    /// <summary>Where to compute.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>What to compute with.</summary>
    public DType Type { get; init; } = DType.Float32;

    /// <summary>What linear layers are computed with.</summary>
    public LinearCompute Compute { get; init; } = LinearCompute.Float;

    /// <summary>Tokens that are computed together where battles are computed in batches.</summary>
    public required int BatchTokens { get; init; }

    /// <summary>Threads to use.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>What makes the computation slow on this machine, one sentence each.</summary>
    public IEnumerable<string> Warnings() => SlowArithmetic.Warnings(Device, Type, Compute);

    /// <summary>Computes.</summary>
    /// <exception cref="InputException">The checkpoint cannot be used, or there is no battle.</exception>
    public async Task<ModelCheck> RunAsync(CancellationToken cancellationToken = default)
    {
        if (Rows.Count == 0)
            throw new InputException("There is no battle to compute.");
        float[][] reference;
        double alone, together;
        var ways = new List<CheckedWay>();
        var thread = await ModelThread.StartAsync(() => Load(isStreamed: false), Threads, cancellationToken).ConfigureAwait(false);
        await using (thread.ConfigureAwait(false))
        {
            var (head, sharing) = await thread.LookAsync(
                model => (model.Head, model.SharingFor(model.Head)), cancellationToken).ConfigureAwait(false);
            _ = await ScoreAsync(thread, head, [Rows[0]], int.MaxValue, sharing: null, cancellationToken).ConfigureAwait(false);
            (reference, alone) = await ScoreAsync(thread, head, Rows, budget: 1, sharing: null, cancellationToken).ConfigureAwait(false);
            (var batches, together) = await ScoreAsync(thread, head, Rows, BatchTokens, sharing, cancellationToken).ConfigureAwait(false);
            ways.Add(Compare($"in batches of {BatchTokens} tokens", isInvariant: false, batches));
            ways.Add(Compare(
                $"in batches of {BatchTokens / 2} tokens, the last battle first",
                isInvariant: false,
                await ReversedAsync(thread, head, Math.Max(1, BatchTokens / 2), sharing).ConfigureAwait(false)));
            ways.Add(Compare(
                "each by itself, the last battle first",
                isInvariant: true,
                await ReversedAsync(thread, head, budget: 1, sharing: null).ConfigureAwait(false)));
        }

        thread = await ModelThread.StartAsync(() => Load(isStreamed: true), Threads, cancellationToken).ConfigureAwait(false);
        await using (thread.ConfigureAwait(false))
        {
            var head = await thread.LookAsync(model => model.Head, cancellationToken).ConfigureAwait(false);
            var plan = BatchPlan.Of([.. Rows.Select(row => new[] { row })], budget: 1, sharing: null);
            var outputs = await thread.ComputeAsync(plan.Batches, kept: null, head, cancellationToken).ConfigureAwait(false);
            ways.Add(Compare("each by itself, layer by layer", isInvariant: true, InOrder(plan, outputs)));
        }

        return new ModelCheck(Rows.Count, Rows.Sum(row => (long)row.Tokens.Count), ways, together, alone);

        CheckedWay Compare(string name, bool isInvariant, float[][] outputs) => new(
            name,
            isInvariant,
            outputs.Zip(reference).Count(pair => pair.First.AsSpan().SequenceEqual(pair.Second)),
            PreferenceDrift.Between(reference, outputs).LargestChange);

        async Task<float[][]> ReversedAsync(ModelThread thread, Head head, int budget, PrefixSharing? sharing)
        {
            var (outputs, _) = await ScoreAsync(thread, head, [.. Rows.Reverse()], budget, sharing, cancellationToken)
                .ConfigureAwait(false);
            return [.. outputs.Reverse()];
        }
    }

    private TransformerModel Load(bool isStreamed) =>
        TransformerModel.Load(Model, Type, Device, Adapter, Compute, isStreamed: isStreamed);

    private static async Task<(float[][] Outputs, double Seconds)> ScoreAsync(
        ModelThread thread,
        Head head,
        IReadOnlyList<TokenSequence> rows,
        int budget,
        PrefixSharing? sharing,
        CancellationToken cancellationToken)
    {
        var plan = BatchPlan.Of([.. rows.Select(row => new[] { row })], budget, sharing);
        var kept = plan.KeptTokens.Count > 0 ? new KeptPrefix(plan.KeptTokens) : null;
        var clock = Stopwatch.StartNew();
        var outputs = new List<float[][]>();
        try
        {
            foreach (var batch in plan.Batches)
                outputs.AddRange(await thread.ComputeAsync([batch], kept, head, cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            if (kept is not null)
                await thread.FreeAsync(kept).ConfigureAwait(false);
        }

        return (InOrder(plan, outputs), clock.Elapsed.TotalSeconds);
    }

    private static float[][] InOrder(BatchPlan plan, IReadOnlyList<float[][]> outputs)
    {
        var rows = new float[plan.Batches.Sum(batch => batch.Rows.Count)][];
        foreach (var (batch, values) in plan.Batches.Zip(outputs))
        {
            for (var i = 0; i < values.Length; i++)
                rows[batch.Rows[i]] = values[i];
        }

        return rows;
    }
}

/// <summary>Whether a model gives a battle the same bits whatever is computed with it.</summary>
/// <param name="Rows">Battles.</param>
/// <param name="Tokens">Their tokens.</param>
/// <param name="Ways">The ways of computing, each compared with every battle by itself.</param>
/// <param name="SecondsInBatches">What battles took in batches.</param>
/// <param name="SecondsByThemselves">What they took each by itself.</param>
internal sealed record ModelCheck(
    int Rows, long Tokens, IReadOnlyList<CheckedWay> Ways, double SecondsInBatches, double SecondsByThemselves)
{
    /// <summary>Whether every battle by itself has the same bits in every way.</summary>
    public bool Holds => Ways.Where(way => way.IsInvariant).All(way => way.SameBits == Rows);
}

/// <summary>A way of computing battles, beside every battle by itself.</summary>
/// <param name="Name">What is done.</param>
/// <param name="IsInvariant">Whether the bits should be the same.</param>
/// <param name="SameBits">Battles that have the same bits.</param>
/// <param name="LargestChange">The largest change of a probability.</param>
internal sealed record CheckedWay(string Name, bool IsInvariant, int SameBits, double LargestChange);
