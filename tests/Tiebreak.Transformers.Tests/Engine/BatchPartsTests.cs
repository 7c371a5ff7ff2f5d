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
    public void Sequences_with_tokens_in_common_stay_together() => Gen.Select(Gen.Int[0, 9].Array[1, 40], Gen.Int[1, 9]).Sample(
        (distances, count) =>
        {
            // Each begins with tokens of the one that is so far before it; 0: with none.
            SharedPrefix?[] prefixes = [.. distances.Select((distance, i) => distance == 0 || i == 0
                ? null
                : new SharedPrefix(Math.Max(0, i - distance), 4))];
            var tokens = new PackedTokens([.. distances.Select((_, i) => Row(i, 9))], prefixes);
            var parts = tokens.Parts(count);
            Assert.InRange(parts.Count, 1, count);
            Assert.Equal(
                Enumerable.Range(0, tokens.Count).Select(i => (tokens.IdOf(i), tokens.LengthOf(i), Begins(tokens, i))),
                parts.SelectMany(part => Enumerable.Range(0, part.Count).Select(i => (part.IdOf(i), part.LengthOf(i), Begins(part, i)))));
        },
        iter: 200);

    [Fact]
    public void Trees_are_divided_between_threads()
    {
        var tokens = new PackedTokens(
            [Row(0, 9), Row(1, 9), Row(2, 9), Row(3, 9)], [null, new SharedPrefix(0, 4), null, new SharedPrefix(2, 4)]);
        Assert.Equal([2, 2], tokens.Parts(2).Select(part => part.Count));
        Assert.Same(tokens, Assert.Single(tokens.Parts(1)));
    }

    [Fact]
    public void Parts_of_trees_give_what_the_whole_batch_gives()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2);
        using var model = TransformerModel.Load(folder.Path);
        var before = get_num_threads();
        TorchRuntime.Start(2);
        try
        {
            using var mode = inference_mode();
            using var scope = NewDisposeScope();
            using var kept = new KeptPrefix([1, 2, 3, 4, 5]);
            _ = model.Layers.Forward(kept.Batch(), TokenSelection.LastToken);
            var rows = Enumerable.Range(0, 60).Select(i => Row(i, 20 + (i % 20))).ToArray();
            var prefixes = rows.Select((_, i) => i % 2 == 1 ? new SharedPrefix(i - 1, 15) : null).ToArray();
            var tokens = new PackedTokens(rows, prefixes, kept);
            Assert.Equal(OperatingSystem.IsLinux(), BatchParts.Of(tokens, CPU).Count > 1);
            Near.Equal(
                model.Layers.Forward(tokens, TokenSelection.LastToken, (_, _) => { }),
                model.Layers.Forward(tokens, TokenSelection.LastToken));
        }
        finally
        {
            TorchRuntime.Start(before);
        }
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

    private static string? Begins(PackedTokens tokens, int sequence) =>
        tokens.PrefixOf(sequence) is { } prefix ? tokens.IdOf(prefix.Sequence) : null;

    private static PackedTokens Pack(int[] lengths) => new([.. lengths.Select((length, i) => Row(i, length))]);

    private static TokenSequence Row(int number, int length) => new($"{number}", [.. Enumerable.Range(0, length).Select(i => i % 40)]);
}
