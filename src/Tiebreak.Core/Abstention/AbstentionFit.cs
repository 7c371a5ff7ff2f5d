using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Abstention;

/// <summary>
/// Finds how many battles a judge may answer so that a bound on its errors holds. Thresholds are tested in a fixed order, each with the
/// exact binomial probability of so few errors if the error were above the bound, and the first that fails ends the sequence
/// (fixed-sequence testing: Angelopoulos, Bates, Candes, Jordan and Lei 2021, "Learn then test"). Four sequences start at an eighth, a
/// quarter, a half and all of the battles, each with a quarter of the error probability.
/// </summary>
internal sealed class AbstentionFit
{
    // The least share of battles at which a sequence of tests begins.
    private static readonly double[] Starts = [0.125, 0.25, 0.5, 1];

    private const int PointsOfCurve = 10;

    private AbstentionFit(AbstentionRule? rule, double attainable, IReadOnlyList<AbstentionPoint> curve) =>
        (Rule, Attainable, Curve) = (rule, attainable, curve);

    /// <summary>The rule that answers most; null where no threshold satisfies the bound.</summary>
    public AbstentionRule? Rule { get; }

    /// <summary>The least share of wrong answers that these battles could promise.</summary>
    public double Attainable { get; }

    /// <summary>Error against the share of battles that are answered, the surest tenth first: what is attainable.</summary>
    public IReadOnlyList<AbstentionPoint> Curve { get; }

    /// <summary>Fits a rule.</summary>
    /// <param name="preferences">What the judge says about battles that it was not trained on.</param>
    /// <param name="targets">What people said, row by row.</param>
    /// <param name="outcome">What is named.</param>
    /// <param name="maxError">The share of answers that may be wrong, above 0 and below 1.</param>
    /// <param name="confidence">The probability that the promise holds.</param>
    /// <exception cref="InputException">No label says whether an answer is right.</exception>
    public static AbstentionFit Of(
        IReadOnlyList<Preference> preferences, IReadOnlyList<Preference> targets, NamedOutcome outcome, double maxError,
        double confidence = 0.95)
    {
        var rows = Enumerable.Range(0, preferences.Count).Where(i => outcome.Counts(targets[i]))
            .Select(i => (Entropy: outcome.EntropyOf(preferences[i]), IsError: outcome.Of(preferences[i]) != targets[i].Top))
            .OrderBy(row => row.Entropy).ToArray();
        if (rows.Length == 0)
            throw new InputException("People called every one of these battles a tie, so that none says which response is better.");
        var errors = new int[rows.Length + 1]; // among the surest
        for (var i = 0; i < rows.Length; i++)
            errors[i + 1] = errors[i] + (rows[i].IsError ? 1 : 0);

        // Battles of one entropy are answered together or not at all.
        int[] ends = [.. Enumerable.Range(1, rows.Length).Where(end => end == rows.Length || rows[end].Entropy > rows[end - 1].Entropy)];
        int[][] sequences = [.. Starts.Select(start => ends.SkipWhile(end => end < start * rows.Length).ToArray())];
        var ofEach = 1 - ((1 - confidence) / Starts.Length);
        var answered = sequences.Max(sequence => LargestOf(sequence, errors, maxError, ofEach));
        var attainable = sequences.Min(sequence => BinomialTail.UpperBound(errors[sequence[0]], sequence[0], ofEach));
        var rule = answered == 0 ? null : new AbstentionRule
        {
            Outcome = outcome,
            MaxError = maxError,
            Confidence = confidence,
            MaxEntropy = rows[answered - 1].Entropy,
            Rows = rows.Length,
            Answered = answered,
            Errors = errors[answered],
        };
        return new AbstentionFit(rule, attainable, [.. CurveOf(ends, errors, rows, confidence)]);
    }

    /// <summary>The last end of a sequence of tests that none fails, or 0.</summary>
    private static int LargestOf(int[] ends, int[] errors, double maxError, double confidence) =>
        ends.TakeWhile(end => BinomialTail.AtMost(errors[end], end, maxError) <= 1 - confidence).LastOrDefault();

    private static IEnumerable<AbstentionPoint> CurveOf(
        int[] ends, int[] errors, (double Entropy, bool IsError)[] rows, double confidence)
    {
        var last = 0;
        for (var k = 1; k <= PointsOfCurve; k++)
        {
            var end = ends.FirstOrDefault(end => end * PointsOfCurve >= k * rows.Length);
            if (end == last)
                continue;
            last = end;
            yield return new AbstentionPoint(
                (double)end / rows.Length, (double)errors[end] / end, BinomialTail.UpperBound(errors[end], end, confidence),
                rows[end - 1].Entropy);
        }
    }
}

/// <summary>A point of the curve of error against coverage.</summary>
/// <param name="Answered">Share of battles that are answered.</param>
/// <param name="Error">Share of the answers that are wrong.</param>
/// <param name="ErrorBound">The exact upper bound of that for new battles, for this point alone.</param>
/// <param name="MaxEntropy">The entropy up to which battles are answered, in nats.</param>
public sealed record AbstentionPoint(double Answered, double Error, double ErrorBound, double MaxEntropy);
