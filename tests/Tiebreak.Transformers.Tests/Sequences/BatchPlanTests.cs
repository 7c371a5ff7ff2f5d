using CsCheck;
using Tiebreak.Testing;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Tests.Golden;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Sequences;

/// <summary>Batches that compute once what several rows begin with.</summary>
public sealed class BatchPlanTests
{
    private const float Tolerance = 2e-4f;

    private static readonly PrefixSharing Keeping = new() { KeepsPrefix = true };

    /// <summary>Rows that begin alike at several depths, in few batches and in many, whatever their order.</summary>
    [Theory]
    [MemberData(nameof(GoldenTests.Cases), MemberType = typeof(GoldenTests))]
    public async Task Planned_batches_give_what_each_row_gives_alone(string name)
    {
        var golden = new GoldenCase(name);
        await using var thread = await ModelThread.StartAsync(
            () => TransformerModel.Load(golden.Folder, adapter: golden.Adapter), threads: 1);
        var (head, sharing, longest) = await thread.LookAsync(
            model => (model.Head, model.SharingFor(model.Head), model.Backbone.MaxPositions ?? int.MaxValue));
        var rows = BranchingRows(GoldenCase.Rows(golden.Batches.First().Input).Rows[0].Tokens, longest);
        var alone = new List<float[]>();
        foreach (var row in rows)
        {
            foreach (var sequence in row)
                alone.AddRange(await ScoreAsync(thread, head, [[sequence]], budget: 1, sharing: null));
        }

        foreach (var (order, budget) in new[] { (rows, 10_000), (rows, 60), (rows.Reverse().ToArray(), 150) })
        {
            var plan = BatchPlan.Of(order, budget, sharing);
            var isBeyond = rows.Max(row => row.Max(sequence => sequence.Tokens.Count)) > (sharing?.LengthLimit ?? int.MaxValue);
            Assert.Equal(sharing is null || isBeyond, plan.ComputedTokens == plan.GivenTokens);
            var outputs = (await ScoreAsync(thread, head, order, budget, sharing)).Chunk(2);
            Near(alone, [.. (order == rows ? outputs : outputs.Reverse()).SelectMany(row => row)]);
        }
    }

    [Fact]
    public void What_all_rows_begin_with_is_kept_where_there_are_several_batches()
    {
        var rows = BranchingRows([5, 6, 7], longest: 1000);
        var one = BatchPlan.Of(rows, budget: 10_000, Keeping);
        Assert.Single(one.Batches);
        Assert.Empty(one.KeptTokens);

        var several = BatchPlan.Of(rows, budget: 60, Keeping);
        Assert.True(several.Batches.Count > 1);
        Assert.Equal(71, several.KeptTokens.Count);
        Assert.All(several.Batches, batch => Assert.Null(batch.Prefixes[0]));
        Assert.Empty(BatchPlan.Of(rows, budget: 60, Keeping with { KeepsPrefix = false }).KeptTokens);
    }

    [Fact]
    public void Rows_about_one_prompt_lie_in_one_batch_and_equal_sequences_cost_a_token()
    {
        int[][] prompts = [.. Enumerable.Range(1, 3).Select(prompt => Enumerable.Repeat(prompt, 40).ToArray())];
        var rows = Enumerable.Range(0, 6).Select(i => Row($"{i}", [.. prompts[i % 3], 10 + i])).ToArray();
        var plan = BatchPlan.Of(rows, budget: 50, Keeping);
        Assert.Equal([[0, 3], [1, 4], [2, 5]], plan.Batches.Select(batch => batch.Rows.ToArray()).OrderBy(batch => batch[0]));
        Assert.Equal(3 * 42, plan.ComputedTokens);

        var twice = BatchPlan.Of([rows[0], rows[0]], budget: 50, Keeping);
        Assert.Equal(41 + 1, twice.ComputedTokens);
    }

    [Fact]
    public void The_token_that_stands_for_a_row_is_its_own_whatever_padding_follows()
    {
        int[] tokens = [.. Enumerable.Range(1, 30), 0, 0];
        var plan = BatchPlan.Of([Row("a", tokens), Row("b", tokens)], budget: 100, new PrefixSharing { Padding = 0 });
        Assert.Equal([30, 0, 0], plan.Batches[0].Sequences[1].Tokens);
    }

    [Fact]
    public void Rows_beyond_the_limit_of_a_models_angles_share_nothing()
    {
        var rows = BranchingRows([5, 6, 7], longest: 1000);
        var plan = BatchPlan.Of(rows, budget: 10_000, new PrefixSharing { LengthLimit = 90 });
        Assert.Equal(plan.GivenTokens, plan.ComputedTokens);
    }

    [Fact]
    public void Every_row_is_in_one_batch_and_is_what_was_given()
    {
        var beginning = Gen.Int[0, 2].SelectMany(which => Gen.Int[0, 90].Select(length => Enumerable.Repeat(which, length).ToArray()));
        var sequence = Gen.Select(beginning, Gen.Int[0, 3].Array[1, 40], (shared, own) => (int[])[.. shared, .. own]);
        Gen.Select(sequence.Array[1, 2].Array[1, 12], Gen.Int[1, 300], Gen.Bool).Sample((drawn, budget, keeps) =>
        {
            TokenSequence[][] rows = [.. drawn.Select((row, i) => row.Select(tokens => new TokenSequence($"{i}", tokens)).ToArray())];
            var plan = BatchPlan.Of(rows, budget, new PrefixSharing { KeepsPrefix = keeps });
            Assert.Equal(Enumerable.Range(0, rows.Length), plan.Batches.SelectMany(batch => batch.Rows).Order());
            foreach (var batch in plan.Batches)
            {
                Assert.True(batch.Tokens <= budget || batch.Rows.Count == 1);
                var given = batch.Rows.SelectMany(row => rows[row]).ToArray();
                var whole = new List<int[]>();
                for (var i = 0; i < given.Length; i++)
                {
                    IEnumerable<int> before = batch.Prefixes[i] is { } prefix ? whole[prefix.Sequence].Take(prefix.Length) : plan.KeptTokens;
                    Assert.NotEmpty(batch.Sequences[i].Tokens);
                    whole.Add([.. before, .. batch.Sequences[i].Tokens]);
                    Assert.Equal(given[i].Tokens, whole[i]);
                }
            }
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Kept_keys_and_values_are_freed(bool isStreamed)
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2.Replace("embeddings\": 64", "embeddings\": 200", StringComparison.Ordinal));
        await using var thread = await ModelThread.StartAsync(() => TransformerModel.Load(folder.Path, isStreamed: isStreamed), threads: 1);
        var (head, sharing) = await thread.LookAsync(model => (model.Head, model.SharingFor(model.Head)));
        var rows = BranchingRows([5, 6, 7], longest: 200);
        var expected = await ScoreAsync(thread, head, rows, budget: 60, sharing: null); // tables of positions are kept
        var before = await thread.LookAsync(_ => TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Near(expected, await ScoreAsync(thread, head, rows, budget: 60, sharing));
        Assert.Equal(before, await thread.LookAsync(_ => TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount));
    }

    [Fact]
    public void Of_a_kept_prefix_there_are_no_hidden_states()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2);
        using var model = TransformerModel.Load(folder.Path);
        using var scope = NewDisposeScope();
        using var kept = new KeptPrefix([1, 2, 3]);
        _ = model.Layers.Forward(kept.Batch(), TokenSelection.LastToken);
        var tokens = new PackedTokens([new("a", [4])], [null], kept);
        _ = Assert.Throws<ArgumentException>(() => model.Layers.Forward(tokens));
        Assert.Equal([1, 16], model.Layers.Forward(tokens, TokenSelection.LastToken).shape);
    }

    /// <summary>A long beginning of all rows, two prompts behind it, and three responses to each, two of which are compared twice.</summary>
    private static TokenSequence[][] BranchingRows(IReadOnlyList<int> ids, int longest)
    {
        var scale = longest < 110 ? 2 : 1;
        int[] all = [.. Tokens(70 / scale, 1)];
        var rows = new List<TokenSequence[]>();
        foreach (var prompt in new[] { Tokens(20, 2), Tokens(18, 3) })
        {
            TokenSequence[] sides =
                [.. new[] { Tokens(4, 4), Tokens(9, 5), Tokens(1, 6) }.Select((own, i) => new TokenSequence($"{i}", [.. all, .. prompt, .. own]))];
            rows.AddRange([[sides[0], sides[1]], [sides[2], sides[0]], [sides[1], sides[2]]]);
        }

        return [.. rows];

        int[] Tokens(int count, int step) => [.. Enumerable.Range(0, count).Select(i => ids[i * step % ids.Count])];
    }

    private static TokenSequence[] Row(string id, int[] tokens) => [new TokenSequence(id, tokens)];

    /// <summary>The outputs of all sequences, row by row.</summary>
    private static async Task<float[][]> ScoreAsync(
        ModelThread thread, Head head, IReadOnlyList<TokenSequence[]> rows, int budget, PrefixSharing? sharing)
    {
        var plan = BatchPlan.Of(rows, budget, sharing);
        var kept = plan.KeptTokens.Count > 0 ? new KeptPrefix(plan.KeptTokens) : null;
        var outputs = new float[rows.Count][][];
        foreach (var batch in plan.Batches)
        {
            var values = (await thread.ComputeAsync([batch], kept, head, CancellationToken.None))[0];
            var sides = values.Length / batch.Rows.Count;
            for (var i = 0; i < batch.Rows.Count; i++)
                outputs[batch.Rows[i]] = values[(i * sides)..((i + 1) * sides)];
        }

        if (kept is not null)
            await thread.FreeAsync(kept);
        return [.. outputs.SelectMany(row => row)];
    }

    private static void Near(IReadOnlyList<float[]> expected, IReadOnlyList<float[]> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < actual.Count; i++)
            Assert.All(expected[i].Zip(actual[i]), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }
}
