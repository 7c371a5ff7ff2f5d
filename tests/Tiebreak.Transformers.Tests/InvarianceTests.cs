using Tiebreak.Core.Randomness;
using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Transformers.Sequences;
using TorchSharp;

namespace Tiebreak.Transformers.Tests;

/// <summary>
/// A row's result does not depend on its neighbours, their order, or the number of threads; nothing that a batch allocates stays.
/// </summary>
public sealed class InvarianceTests
{
    [Theory]
    [InlineData(TinyCheckpoint.Gemma2, 60)]
    [InlineData(TinyCheckpoint.Deberta, 700)] // beyond one block of queries
    public void Results_do_not_depend_on_the_batch(string config, int longest)
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, config);
        using var model = TransformerModel.Load(folder.Path);
        var random = new SeededRandom(9);
        TokenSequence[] rows = [.. Enumerable.Range(0, 12).Select(i => new TokenSequence($"{i}", Tokens(ref random, longest)))];

        var alone = rows.Select(row => model.Compute([row]).Logits[0]).ToArray();
        Near(alone, model.Compute(rows).Logits);
        Near([.. alone.Reverse()], model.Compute([.. rows.Reverse()]).Logits);

        var threads = torch.get_num_threads();
        TorchRuntime.Start(threads == 1 ? 2 : 1);
        Near(alone, model.Compute(rows).Logits);
        TorchRuntime.Start(threads);
    }

    [Fact]
    public void A_batch_leaves_no_tensor_behind()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2);
        using var model = TransformerModel.Load(folder.Path);
        TokenSequence[] rows = [new("a", [1, 2, 3, 4, 5, 6, 7, 8]), new("b", [9])];
        _ = model.Compute(rows); // tables of positions are kept

        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        _ = model.Compute(rows);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static int[] Tokens(ref SeededRandom random, int longest)
    {
        var tokens = new int[1 + random.Next(longest)];
        for (var i = 0; i < tokens.Length; i++)
            tokens[i] = random.Next(40);
        return tokens;
    }

    private static void Near(IReadOnlyList<float[]> expected, IReadOnlyList<float[]> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < actual.Count; i++)
            Assert.All(expected[i].Zip(actual[i]), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }
}
