using CsCheck;
using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Transformers.Engine;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Tests.Reference;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Engine;

/// <summary>Batches in parts that are computed beside each other, each on one thread.</summary>
public sealed class BatchPartsTests
{
    [Fact]
    public void Parts_hold_all_sequences_in_their_order() => Gen.Select(Gen.Int[1, 300].Array[1, 40], Gen.Int[1, 9]).Sample(
        (lengths, count) =>
        {
            var tokens = Pack(lengths);
            var parts = tokens.Parts(count);
            Assert.InRange(parts.Count, 1, count);
            Assert.Equal(
                Enumerable.Range(0, tokens.Count).Select(i => (tokens.IdOf(i), tokens.LengthOf(i))),
                parts.SelectMany(part => Enumerable.Range(0, part.Count).Select(i => (part.IdOf(i), part.LengthOf(i)))));

            // A part ends within half a sequence of where it should.
            Assert.All(parts, part => Assert.True(part.TokenCount <= ((tokens.TokenCount + count - 1) / count) + lengths.Max() + 1));
        },
        iter: 200);

    [Fact]
    public void Sequences_with_tokens_in_common_stay_together()
    {
        var tokens = new PackedTokens([Row(0, 9), Row(1, 9)], [null, new SharedPrefix(0, 4)]);
        Assert.Same(tokens, Assert.Single(tokens.Parts(2)));
    }

    [Theory]
    [InlineData(TinyCheckpoint.Gemma2)]
    [InlineData(TinyCheckpoint.Deberta)]
    public void Parts_give_what_the_whole_batch_gives(string config)
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, config);
        using var model = TransformerModel.Load(folder.Path);
        var before = get_num_threads();
        TorchRuntime.Start(3);
        try
        {
            using var mode = inference_mode();
            using var scope = NewDisposeScope();
            var tokens = Pack([.. Enumerable.Range(0, 40).Select(i => 20 + i)]);
            Assert.InRange(BatchParts.Of(tokens, CPU).Count, OperatingSystem.IsLinux() ? 3 : 1, 12);
            foreach (var wanted in Enum.GetValues<TokenSelection>())
                Near.Equal(model.Layers.Forward(tokens, wanted, (_, _) => { }), model.Layers.Forward(tokens, wanted));
            Assert.Equal(3, get_num_threads());
        }
        finally
        {
            TorchRuntime.Start(before);
        }
    }

    [Fact]
    public void A_batch_stays_whole_where_one_thread_would_have_most_of_it()
    {
        var before = get_num_threads();
        TorchRuntime.Start(2);
        try
        {
            using var mode = inference_mode();
            Assert.Single(BatchParts.Of(Pack([2000, 10]), CPU));
            Assert.Single(BatchParts.Of(Pack([100, 100]), CPU)); // too few tokens
            Assert.Single(BatchParts.Of(Pack([2000]), CPU));
        }
        finally
        {
            TorchRuntime.Start(before);
        }

        Assert.Single(BatchParts.Of(Pack([1000, 1000]), CPU)); // gradients may be wanted
    }

    private static PackedTokens Pack(int[] lengths) => new([.. lengths.Select((length, i) => Row(i, length))]);

    private static TokenSequence Row(int number, int length) => new($"{number}", [.. Enumerable.Range(0, length).Select(i => i % 40)]);
}
