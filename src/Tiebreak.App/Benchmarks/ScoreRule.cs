namespace Tiebreak.App.Benchmarks;

/// <summary>One score of a benchmark: a weighted mean of shares, so that it can be drawn again by a bootstrap over prompts.</summary>
/// <param name="Name">Its name in the benchmark.</param>
/// <param name="Parts">The shares.</param>
internal sealed record ScoreRule(string Name, IReadOnlyList<ScorePart> Parts)
{
    /// <summary>The share of some battles that are right.</summary>
    /// <param name="name">The name of the score.</param>
    /// <param name="answers">All answers.</param>
    /// <param name="counts">Which of them count.</param>
    /// <param name="value">1 for a right one, 0 for a wrong one; also what lies between.</param>
    public static ScoreRule Share(
        string name, IReadOnlyList<BenchmarkAnswer> answers, Func<BenchmarkAnswer, bool> counts, Func<BenchmarkAnswer, double> value) =>
        new(name, [ScorePart.Of(answers, counts, value)]);

    /// <summary>The mean of scores, every one weighing the same.</summary>
    public static ScoreRule Mean(string name, IReadOnlyList<ScoreRule> scores) => new(
        name, [.. scores.SelectMany(score => score.Parts.Select(part => part with { Weight = part.Weight / scores.Count }))]);

    /// <summary>The score.</summary>
    /// <param name="totals">For each part the sum of its values, then that of its counts.</param>
    public double Of(ReadOnlySpan<double> totals)
    {
        var score = 0.0;
        for (var k = 0; k < Parts.Count; k++)
            score += Parts[k].Weight * totals[2 * k] / totals[(2 * k) + 1];
        return score;
    }
}

/// <summary>A share of a score.</summary>
/// <param name="Weight">Its weight; the weights of a score sum to 1.</param>
/// <param name="Values">For each answer what it adds to the right ones.</param>
/// <param name="Counts">For each answer 1 if it counts, else 0.</param>
internal sealed record ScorePart(double Weight, double[] Values, double[] Counts)
{
    /// <summary>Answers that count.</summary>
    public int Rows => (int)Counts.Sum();

    public static ScorePart Of(
        IReadOnlyList<BenchmarkAnswer> answers, Func<BenchmarkAnswer, bool> counts, Func<BenchmarkAnswer, double> value)
    {
        bool[] included = [.. answers.Select(counts)];
        return new ScorePart(
            1, [.. answers.Select((answer, i) => included[i] ? value(answer) : 0)], [.. included.Select(counts => counts ? 1.0 : 0.0)]);
    }
}
