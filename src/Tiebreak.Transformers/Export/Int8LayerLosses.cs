using Tiebreak.Torch;
using Tiebreak.Torch.Operators;
using Tiebreak.Transformers.Families;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Export;

/// <summary>
/// What each layer of a model loses where its linear layers are computed in int8, weights and activations rounded: each gets the hidden
/// states that the exact model gives the calibration rows, so that the loss is the layer's own.
/// </summary>
internal static class Int8LayerLosses
{
    // Rows that are computed together.
    private const int BatchRows = 8;

    /// <summary>Measures all layers, one in memory at a time.</summary>
    /// <param name="folder">The model.</param>
    /// <param name="rows">Rows to measure on.</param>
    /// <returns>One loss a layer, in their order.</returns>
    /// <exception cref="Core.InputException">The model or a row cannot be computed.</exception>
    public static IReadOnlyList<Int8LayerLoss> Measure(string folder, IReadOnlyList<TokenSequence> rows)
    {
        TorchRuntime.Start();
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        using var files = ModelFiles.Open(folder, adapter: null, needsHead: false);
        var (family, weights) = (ModelFamilies.Of(files.Config), files.Weights(DType.Float32, CPU));
        var plan = new WeightPlan(weights.Has, weights.RowsOf);
        using var names = family.CreateBackbone(files.Config, plan);
        using var exact = family.CreateBackbone(files.Config, weights);
        using var rounded = family.CreateBackbone(files.Config, new Int8Weights(weights));
        PackedTokens[] batches = [.. rows.Chunk(BatchRows).Select(batch => new PackedTokens(batch))];
        foreach (var batch in batches)
            batch.Check(exact.VocabularySize, exact.MaxPositions);
        Tensor[] hidden = [.. batches.Select(exact.Embed)];
        var losses = new List<Int8LayerLoss>(exact.LayerCount);
        for (var i = 0; i < exact.LayerCount; i++)
        {
            var before = plan.Linears.Count;
            names.OpenLayer(i).Dispose();
            using var layer = exact.OpenLayer(i);
            using var int8Layer = rounded.OpenLayer(i);
            var (sum, tokens) = (0.0, 0L);
            for (var batch = 0; batch < batches.Length; batch++)
            {
                using var inner = NewDisposeScope();
                var positions = exact.PositionsOf(batches[batch]);
                var output = layer.Forward(hidden[batch], positions, TokenSelection.All);
                var error = int8Layer.Forward(hidden[batch], positions, TokenSelection.All) - output;

                // Of each token by itself: some tokens are hundreds of times as large as the others.
                sum += (error.Square().sum(1) / output.Square().sum(1).ClampMin(float.Epsilon)).sum().item<float>();
                tokens += batches[batch].TokenCount;
                hidden[batch].Dispose();
                hidden[batch] = output.MoveToOuterDisposeScope();
            }

            losses.Add(new Int8LayerLoss(i, [.. plan.Linears.Skip(before).Select(linear => linear.Name)], sum / tokens));
        }

        return losses;
    }
}

/// <summary>What one layer loses.</summary>
/// <param name="Layer">Its number, from 0.</param>
/// <param name="Linears">The names of its linear layers.</param>
/// <param name="Loss">The mean over tokens: the squared error of a hidden state in shares of its square.</param>
internal sealed record Int8LayerLoss(int Layer, IReadOnlyList<string> Linears, double Loss);
