using CsCheck;
using Tiebreak.Core;
using Tiebreak.Testing;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Tests.Golden;
using Tiebreak.Transformers.Tests.Reference;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Engine;

/// <summary>Sequences that share prefixes have the hidden states that they have when each is computed whole.</summary>
public sealed class SharedPrefixTests
{
    [Theory]
    [InlineData("gemma2", false)]
    [InlineData("gemma2", true)]
    [InlineData("gemma3_text", false)]
    [InlineData("cohere2", false)]
    [InlineData("gpt_neox", true)]
    public void Trees_of_sequences_give_what_whole_sequences_give(string family, bool isStreamed)
    {
        using var folder = new TemporaryFolder();

        // Windows of 5 tokens begin within prefixes and after them.
        TinyCheckpoint.Write(folder, TinyFamilies.Configurations.GetValueOrDefault(family, TinyCheckpoint.Gemma2));
        using var model = TransformerModel.Load(folder.Path, isStreamed: isStreamed);
        var sequence = Gen.Select(Gen.Int[0, 39].Array[1, 12], Gen.Int[-1, 100], Gen.Int[0, 100]);
        sequence.Array[1, 5].Sample(
            drawn =>
            {
                var prefixes = new SharedPrefix?[drawn.Length];
                var whole = new int[drawn.Length][];
                for (var i = 0; i < drawn.Length; i++)
                {
                    var (own, other, length) = drawn[i];
                    if (i > 0 && other >= 0)
                        prefixes[i] = new SharedPrefix(other % i, 1 + (length % whole[other % i].Length));
                    whole[i] = [.. prefixes[i] is { } prefix ? whole[prefix.Sequence].Take(prefix.Length) : [], .. own];
                }

                Same(model, new PackedTokens([.. drawn.Select((row, i) => new TokenSequence($"{i}", row.Item1))], prefixes), whole);
            },
            iter: 30,
            threads: 1); // a model is used from one thread at a time
    }

    [Theory]
    [MemberData(nameof(GoldenTests.Cases), MemberType = typeof(GoldenTests))]
    public void Decoders_share_prefixes_and_encoders_refuse(string name)
    {
        var golden = new GoldenCase(name);
        using var model = TransformerModel.Load(golden.Folder, adapter: golden.Adapter);
        var ids = GoldenCase.Rows(golden.Batches.First().Input).Rows[0].Tokens;
        int[] own = [.. ids.Skip(ids.Count / 2).Reverse()];
        var tokens = new PackedTokens([new("a", ids), new("b", own)], [null, new SharedPrefix(0, ids.Count / 2)]);
        if (model.Backbone.IsCausal)
            Same(model, tokens, [[.. ids], [.. ids.Take(ids.Count / 2), .. own]]);
        else
            _ = Assert.Throws<ArgumentException>(() => model.Layers.Forward(tokens));
    }

    [Fact]
    public void LongRoPE_shares_no_prefix_across_its_limit()
    {
        using var model = TransformerModel.Load(new GoldenCase("phi3_longrope").Folder);
        var limit = model.Config.Count("original_max_position_embeddings");
        var ids = Enumerable.Repeat(1, limit).ToArray();
        var tokens = new PackedTokens([new("a", ids), new("b", [2])], [null, new SharedPrefix(0, limit)]);
        var error = Assert.Throws<InputException>(() => model.Layers.Forward(tokens));
        Assert.Contains("Rows b and a share a prefix", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1)] // itself
    [InlineData(-1, 1)]
    [InlineData(0, 0)]
    [InlineData(0, 3)] // longer than the other sequence
    public void Prefixes_are_beginnings_of_earlier_sequences(int sequence, int length) => Assert.Throws<ArgumentException>(
        () => new PackedTokens([new("a", [1, 2]), new("b", [3])], [null, new SharedPrefix(sequence, length)]));

    [Fact]
    public void The_length_of_a_row_counts_its_prefix()
    {
        var tokens = new PackedTokens([new("a", [1, 2]), new("b", [3])], [null, new SharedPrefix(0, 2)]);
        Assert.Equal(3, tokens.TokenCount);
        var error = Assert.Throws<InputException>(() => tokens.Check(vocabularySize: 10, maxPositions: 2));
        Assert.Contains("Row b has 3 tokens", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_are_found_in_a_prefix_too()
    {
        var tokens = new PackedTokens([new("a", [1, 2, 3, 2, 3]), new("b", [4, 5])], [null, new SharedPrefix(0, 3)]);
        Assert.Equal(3, tokens.LastIndexOf(0, [2, 3]));
        Assert.Equal(1, tokens.LastIndexOf(1, [2, 3]));
        Assert.Equal(2, tokens.LastIndexOf(1, [3, 4]));
        Assert.Null(tokens.LastIndexOf(1, [3, 2]));
    }

    private static void Same(TransformerModel model, PackedTokens tokens, int[][] whole)
    {
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        var unshared = new PackedTokens([.. whole.Select((ids, i) => new TokenSequence($"{i}", ids))]);
        var all = model.Layers.Forward(unshared);
        foreach (var wanted in new[] { TokenSelection.FirstToken, TokenSelection.LastToken })
            Near.Equal(unshared.Select(all, wanted), model.Layers.Forward(tokens, wanted));

        var shared = model.Layers.Forward(tokens);
        for (var i = 0; i < whole.Length; i++)
            Near.Equal(unshared.Whole(all, i), tokens.Whole(shared, i));
    }
}
