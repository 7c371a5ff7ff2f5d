using Tiebreak.Core;
using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Transformers.Engine;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Engine;

/// <summary>A model whose layers lie on two devices is the same model.</summary>
public sealed class SplitBackboneTests
{
    [Theory]
    [MemberData(nameof(GoldenTests.Cases), MemberType = typeof(GoldenTests))]
    public void Two_parts_give_what_the_whole_gives(string name)
    {
        var golden = new GoldenCase(name);
        using var whole = TransformerModel.Load(golden.Folder, adapter: golden.Adapter);
        using var split = TransformerModel.Load(golden.Folder, adapter: golden.Adapter, device: "cpu+cpu");
        Assert.IsType<SplitBackbone>(split.Backbone);
        foreach (var (input, _) in golden.Batches)
        {
            var rows = GoldenCase.Rows(input).Rows;
            Assert.Equal(whole.Compute(rows).Logits, split.Compute(rows).Logits);
        }
    }

    /// <summary>
    /// On the device "meta" tensors have shapes and no numbers, and operators refuse tensors of it and of others together: what is computed
    /// there needs nothing that was left on the first device.
    /// </summary>
    [Fact]
    public void The_second_part_needs_nothing_of_the_first_device()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2);
        using var split = TransformerModel.Load(
            folder.Path, DType.Float32, [CPU, META], adapter: null, LinearCompute.Float, HeadKind.Classifier,
            backbone => new ResidentRunner(backbone));
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        var tokens = new PackedTokens([new("a", [1, 2, 3]), new("b", [4, 5])]);
        var layers = new List<DeviceType>();
        var hidden = split.Layers.Forward(tokens, TokenSelection.All, (_, states) => layers.Add(states.device_type));
        var logits = split.Head.Forward(tokens, hidden);

        Assert.Equal([DeviceType.CPU, DeviceType.CPU, DeviceType.META, DeviceType.META], layers); // the embedding, two layers, the end
        Assert.Equal([5, split.Head.Outputs], logits.shape);
        Assert.Equal(DeviceType.META, logits.device_type);
    }

    [Fact]
    public void A_model_has_a_layer_for_each_device()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2);
        var error = Assert.Throws<InputException>(() => TransformerModel.Load(folder.Path, device: "cpu+cpu+cpu"));
        Assert.Contains("names 3 devices for one model, but it has 2 layers", error.Message, StringComparison.Ordinal);
    }
}
