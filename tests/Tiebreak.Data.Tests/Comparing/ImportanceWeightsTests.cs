using Tiebreak.Core.Battles;
using Tiebreak.Data.Comparing;
using Tiebreak.Testing;

namespace Tiebreak.Data.Tests.Comparing;

public sealed class ImportanceWeightsTests
{
    [Fact]
    public void With_its_weights_one_file_looks_like_the_other()
    {
        // A fifth of the training prompts are about python, and four fifths of the test prompts.
        var (train, test) = (Planted(seed: 1, isPython: i => i % 5 == 0), Planted(seed: 2, isPython: i => i % 5 != 0));
        var weights = Weigh(train, test);

        Assert.Equal(1, weights.Average(), 9);
        Assert.All(weights, weight => Assert.InRange(weight, double.Epsilon, 30));
        var share = train.Zip(weights).Sum(pair => IsPython(pair.First) ? pair.Second : 0) / train.Count;
        Assert.InRange(share, 0.7, 0.85);
    }

    [Fact]
    public void Of_files_alike_all_count_about_the_same_whatever_the_threads()
    {
        var (train, test) = (Planted(seed: 1, isPython: i => i % 2 == 0), Planted(seed: 2, isPython: i => i % 2 == 0));
        var weights = Weigh(train, test);

        Assert.Equal(weights, Weigh(train, test, threads: 3));
        Assert.InRange(weights.Sum(weight => weight * weight) / weights.Length, 1, 1.25);
    }

    private static IReadOnlyList<Battle> Planted(ulong seed, Func<int, bool> isPython) =>
    [
        .. SyntheticBattles.Create(400, seed).Select((battle, i) => battle with
        {
            Id = $"{seed}-{i}",
            Turns = [battle.Turns[0] with { Prompt = $"{(isPython(i) ? "In python" : "Whatever")}: {(seed * 1000) + (ulong)i}" }],
        }),
    ];

    private static bool IsPython(Battle battle) => battle.Turns[0].Prompt!.StartsWith("In python", StringComparison.Ordinal);

    private static double[] Weigh(IReadOnlyList<Battle> train, IReadOnlyList<Battle> test, int threads = 1) =>
        ImportanceWeights.Of(train, test, seed: 0, threads, TestContext.Current.CancellationToken);
}
