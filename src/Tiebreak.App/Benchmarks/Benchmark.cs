using Tiebreak.Core;
using Tiebreak.Core.Judging;

namespace Tiebreak.App.Benchmarks;

/// <summary>A public benchmark of judges: its files are read in their own layout, its scores follow its own rule.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Title">Its name for people, and its paper.</param>
/// <param name="Set">The public set to fetch; null where it is not in the list.</param>
/// <param name="Rule">Its scores, the one that it is known by first.</param>
/// <param name="RuleInWords">What the rule does, in a sentence or two.</param>
internal sealed record Benchmark(
    string Name, string Title, string? Set, Func<IReadOnlyList<BenchmarkAnswer>, IReadOnlyList<ScoreRule>> Rule, string RuleInWords)
{
    private const string PairsInWords = "Share of battles with a preferred side in which the judge gives that side more than the other.";

    /// <summary>Whether the rule was run on the benchmark's own file, and not only on rows made up by tests.</summary>
    public bool WasRun { get; init; }

    /// <summary>All benchmarks.</summary>
    public static IReadOnlyList<Benchmark> All { get; } =
    [
        new(
            "judgebench", "JudgeBench (arXiv 2410.12784)", "judgebench", BenchmarkRules.JudgeBench,
            "Both orders are judged; a pair is right if more verdicts name the better response than the worse one.") { WasRun = true },
        new(
            "rm-bench", "RM-Bench (arXiv 2410.16184)", "rm-bench", BenchmarkRules.RmBench,
            "Three styles of the right response against three of the wrong one; hard: the right one is plainer, easy: the wrong one is. "
            + "Overall is the mean over domains of the three accuracies.") { WasRun = true },
        new(
            "reward-bench", "RewardBench (arXiv 2403.13787)", "reward-bench", BenchmarkRules.RewardBench,
            "Accuracy by subset; sections weigh subsets as the benchmark does; overall is the mean of the sections."),
        new(
            "reward-bench-2", "RewardBench 2 (arXiv 2506.01937)", "reward-bench-2", BenchmarkRules.RewardBench2,
            "A prompt is right if the right response beats each wrong one. The Ties subset needs scores of single responses: they are "
            + "worked out from the log odds of pairs, which gives a judge's own scores where its preferences come from scores. Overall is "
            + "the mean of the subsets."),
        new(
            "ppe-human", "PPE, human preferences (arXiv 2410.14872)", "ppe-human",
            answers => BenchmarkRules.Pairs(answers), PairsInWords),
        new(
            "ppe-correctness", "PPE, correctness (arXiv 2410.14872)", null, BenchmarkRules.ByFile,
            "Share of pairs of a right and a wrong response in which the right one is preferred, by file; overall is the mean of files."),
        new(
            "mt-bench-human", "MT-bench, human votes (arXiv 2306.05685)", "mt-bench-human", BenchmarkRules.MtBench,
            "Agreement with single votes. Setup 1 counts ties of both as verdicts, setup 2 only battles in which neither calls a tie."),
        new(
            "llmbar", "LLMBar (arXiv 2310.07641)", "llmbar-natural", BenchmarkRules.LlmBar,
            "Accuracy, as the mean of both orders; the adversarial score is the mean of its four subsets."),
        new(
            "helpsteer3", "HelpSteer3 (arXiv 2505.11475)", "helpsteer3",
            answers => BenchmarkRules.Pairs(answers, "general", "stem", "code", "multilingual"), PairsInWords),
        new("multipref", "MultiPref (arXiv 2410.19133)", null, answers => BenchmarkRules.Pairs(answers), PairsInWords),
    ];

    /// <summary>A benchmark by its name.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static Benchmark Find(string name)
    {
        string[] names = [.. All.Select(benchmark => benchmark.Name)];
        return All.FirstOrDefault(benchmark => string.Equals(benchmark.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new InputException(
                $"There is no benchmark \"{name}\". The nearest are {string.Join(", ", NearestNames.Of(name, names))}; all are "
                + $"{string.Join(", ", names)}.");
    }
}
