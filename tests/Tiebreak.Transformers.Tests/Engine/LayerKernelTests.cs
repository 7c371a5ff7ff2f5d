using Tiebreak.Testing;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Tests.Export;
using Tiebreak.Transformers.Tests.Reference;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Engine;

/// <summary>Kernels, which stand in for operators in inference mode only, and the feed-forward part in chunks change rounding alone.</summary>
public sealed class LayerKernelTests
{
    [Theory]
    [InlineData("llama", 2)]
    [InlineData("llama", 4)]
    [InlineData("gemma2", 2)] // GELU, 1 + w norms, soft caps
    public void Layers_give_what_operators_give(string family, int keyHeads)
    {
        using var folder = new TemporaryFolder();
        ModelQuantizerTests.WriteWide(folder, family, keyHeads);
        using var model = TransformerModel.Load(folder.Path);
        using var scope = NewDisposeScope();

        // More than one chunk of 2,048 tokens.
        var tokens = new PackedTokens([.. Enumerable.Range(0, 60)
            .Select(i => new TokenSequence($"{i}", [.. Enumerable.Range(0, 20 + (i % 40)).Select(j => ((i * 5) + (j * 3)) % 40)]))]);
        Assert.InRange(tokens.TokenCount, 2049, 4000);
        foreach (var wanted in new[] { TokenSelection.All, TokenSelection.LastToken })
        {
            var expected = Compute(no_grad(), wanted);
            Near.Equal(expected, Compute(inference_mode(), wanted));
            Near.Equal(expected, Compute(inference_mode(), wanted, (_, _) => { })); // in one piece, as somebody looks
        }

        Tensor Compute(IDisposable mode, TokenSelection wanted, Action<int, Tensor>? observe = null)
        {
            using (mode)
                return model.Layers.Forward(tokens, wanted, observe);
        }
    }
}
