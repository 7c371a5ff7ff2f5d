using System.Text.Json.Nodes;
using Tiebreak.Core.Judging;
using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Planning;

namespace Tiebreak.Transformers.Tests.Judges;

/// <summary>Whether a judge's model is held as a whole, or layer by layer.</summary>
public sealed class ModelResidenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ModelResidenceTests() => TinyCheckpoint.Write(
        _folder, TinyCheckpoint.Gemma2.Replace("layers\": 2", "layers\": 4", StringComparison.Ordinal));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Memory_decides_unless_something_was_asked_for()
    {
        Assert.Same(ModelResidence.Whole, Of(new Placement()));
        Assert.Same(ModelResidence.Whole, Of(new Placement { MemoryBytes = 1000, LayerMajor = false }));
        Assert.Same(ModelResidence.Whole, Of(new Placement { MemoryBytes = 1000, Device = "cuda:0" }));

        var small = Of(new Placement { MemoryBytes = 1000 });
        Assert.True(small.IsLayerMajor);
        Assert.Contains("it is computed layer by layer", small.Notice, StringComparison.Ordinal);
        Assert.Equal(500, small.SliceTokens); // a batch, for there is room for no more

        var asked = Of(new Placement { LayerMajor = true, MemoryBytes = 1_000_000_000 });
        Assert.Contains("as was asked for", asked.Notice, StringComparison.Ordinal);
        Assert.InRange(asked.SliceTokens, 500, 500_000_000 / (16 * sizeof(float)));
    }

    [Fact]
    public void A_plan_knows_what_a_layer_takes()
    {
        var stored = ModelCost.Of(_folder.Path, DType.Float32);
        Assert.Equal(0, stored.LayersOwnedBytes);
        var converted = ModelCost.Of(_folder.Path, DType.BFloat16);
        Assert.Equal(4 * converted.LayerOwnedBytes, converted.LayersOwnedBytes);
        Assert.Equal(stored.LayerMappedBytes, 2 * converted.LayerOwnedBytes);
        Assert.Equal(
            1000 * 16 * sizeof(float), stored.LayerMajorBytes(100, 50, sliceTokens: 1000) - stored.LayerMajorBytes(100, 50, sliceTokens: 0));
        Assert.True(converted.LayerMajorBytes(100, 50, sliceTokens: 0) < converted.TotalBytes(100, 50));
    }

    private ModelResidence Of(Placement placement) => ModelResidence.Of(
        JudgeRecipe.Read(new Recipe("transformer", new JsonObject
        {
            ["model"] = _folder.Path,
            ["template"] = "sections",
            ["max_tokens"] = 60,
            ["batch_tokens"] = 500,
        })),
        placement);
}
