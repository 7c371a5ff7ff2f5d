using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Tests.Reference;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Engine;

/// <summary>Fused attention against the operators that it is put together from.</summary>
public sealed class FusedAttentionTests
{
    // Neighbours of equal length, which are computed together, and others.
    private static readonly TokenSequence[] Rows =
    [
        .. new[] { 300, 40, 40, 40, 1, 7, 7 }.Select((length, i) =>
            new TokenSequence($"{i}", [.. Enumerable.Range(0, length).Select(j => ((i * 7) + (j * j)) % 40)])),
    ];

    public FusedAttentionTests() => TorchRuntime.Start();

    [Theory]
    [InlineData(4)]
    [InlineData(2)] // grouped queries
    public void Full_attention(int keyHeads)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var tokens = new PackedTokens(Rows);
        var (query, key, value) = (Random(4), Random(keyHeads), Random(keyHeads));
        var options = new AttentionOptions { Scale = 0.4, IsCausal = false };
        foreach (var wanted in new[] { TokenSelection.All, TokenSelection.FirstToken })
        {
            // A window that hides nothing is computed block by block.
            var queries = tokens.Select(query, wanted);
            Near.Equal(
                PackedAttention.Attend(queries, key, value, tokens, options with { Window = 1000 }, wanted),
                PackedAttention.Attend(queries, key, value, tokens, options, wanted));
        }

        Tensor Random(int heads) => randn([tokens.TokenCount, heads, 8], generator: generator);
    }

    /// <summary>Trainings compute disentangled attention operator by operator.</summary>
    [Theory]
    [InlineData("float32", 1e-5)]
    [InlineData("bfloat16", 0.03)]
    public void Disentangled_attention(string type, double relative)
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Deberta);
        using var model = TransformerModel.Load(folder.Path, DTypes.OfModelNamed(type)!.Value, head: HeadKind.None);
        using var scope = NewDisposeScope();
        var tokens = new PackedTokens(Rows);
        foreach (var wanted in new[] { TokenSelection.All, TokenSelection.FirstToken })
            Near.Equal(Compute(no_grad(), wanted), Compute(inference_mode(), wanted), relative);

        Tensor Compute(IDisposable mode, TokenSelection wanted)
        {
            using (mode)
                return model.Layers.Forward(tokens, wanted).to(ScalarType.Float32);
        }
    }
}
