using Tiebreak.Core;
using Tiebreak.Core.Metrics;
using Tiebreak.Data.Facts;
using Tiebreak.Ratings.Contextual;
using Tiebreak.Ratings.Slices;
using Tiebreak.Ratings.Uncertainty;

namespace Tiebreak.Explorer.Traits;

/// <summary>
/// What traits of answers are worth in votes, the strengths of the models taken out (style control), in all votes and in slices of them,
/// each of which is tested against the other votes.
/// </summary>
internal static class RewardedTraits
{
    private const int LeastVotes = 200;
    private const int MostSlices = 10;
    private const double Level = 0.95;

    // Keeps strengths finite in slices where a model won or lost everything.
    private const double StrengthPenalty = 0.1;

    private static readonly string[] Keys = ["turns", "length", "language", "source", "tag"];

    /// <summary>Works them out.</summary>
    /// <param name="style">The votes.</param>
    /// <param name="votedBattles">Battles with a vote there are.</param>
    /// <param name="threads">Threads to use; the result does not depend on it.</param>
    /// <param name="cancellationToken">Stops between slices.</param>
    /// <exception cref="TiebreakException">The fit did not converge.</exception>
    public static TraitsDocument Of(VotedStyle style, int votedBattles, int threads, CancellationToken cancellationToken)
    {
        int[] all = [.. Enumerable.Range(0, style.Votes.Count)];
        var slices = new List<TraitSlice>();
        foreach (var (by, name, rows) in Slices(style))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var isInside = new bool[all.Length];
            foreach (var row in rows)
                isInside[row] = true;
            int[] rest = [.. all.Where(row => !isInside[row])];
            if (rest.Length >= LeastVotes)
                slices.Add(new TraitSlice(by, name, rows.Length, Compared(Fit(style, rows, threads), Fit(style, rest, threads))));
        }

        return new TraitsDocument(
            style.Votes.Count, votedBattles, [.. Fit(style, all, threads).OfType<Coefficient>().Select(TraitWorth.Of)], Adjusted(slices),
            style.Models);
    }

    private static IEnumerable<(string By, string Name, int[] Rows)> Slices(VotedStyle style)
    {
        foreach (var key in Keys.Select(name => SliceKey.Find(name)!))
        {
            foreach (var slice in key.Cut(style.Facts).Slices.Where(slice => slice.Rows.Count >= LeastVotes).Take(MostSlices))
                yield return (key.Title, slice.Name, [.. slice.Rows]);
        }

        var byAnnotator = style.Annotators.Index().Where(vote => vote.Item is not null)
            .GroupBy(vote => vote.Item!, vote => vote.Index, StringComparer.Ordinal).Where(votes => votes.Count() >= LeastVotes)
            .OrderByDescending(votes => votes.Count()).ThenBy(votes => votes.Key, StringComparer.Ordinal);
        foreach (var votes in byAnnotator.Take(MostSlices))
            yield return ("Annotator", votes.Key, [.. votes]);
    }

    /// <summary>The worth of each trait in some votes; null where it is the same on both sides of all of them.</summary>
    private static Coefficient?[] Fit(VotedStyle style, int[] rows, int threads)
    {
        var (votes, traits) = (style.Votes.At(rows).WithoutUnusedModels(), style.Traits.At(rows));
        var fit = ContextualFit.Of(votes, traits, strengthPenalty: StrengthPenalty, threads: threads);
        var coefficients = fit.Coefficients(Level, threads: threads);
        return [.. coefficients.Select((coefficient, k) => Enumerable.Range(0, rows.Length)
            .Any(row => traits.Values[(row * traits.Names.Count) + k] != 0) ? coefficient : null)];
    }

    private static List<TraitWorth> Compared(Coefficient?[] inside, Coefficient?[] outside) =>
    [
        .. inside.Zip(outside).Where(pair => pair.First is not null).Select(pair => TraitWorth.Of(pair.First!) with
        {
            PValue = pair.Second is { } other ? Gaussian.TwoSidedPValue(Deviation(pair.First!, other)) : null,
        }),
    ];

    private static double Deviation(Coefficient one, Coefficient other) =>
        (one.Value - other.Value) / Math.Sqrt(Square(ErrorOf(one)) + Square(ErrorOf(other)));

    private static double ErrorOf(Coefficient coefficient) =>
        (coefficient.Interval.Upper - coefficient.Interval.Lower) / (2 * Gaussian.TwoSided(Level));

    private static double Square(double value) => value * value;

    /// <summary>Corrects the p values for the number of comparisons (Holm).</summary>
    private static IReadOnlyList<TraitSlice> Adjusted(List<TraitSlice> slices)
    {
        var adjusted = new Queue<double>(Holm.Adjust(
            [.. slices.SelectMany(slice => slice.Traits).Select(trait => trait.PValue).OfType<double>()]));
        return
        [
            .. slices.Select(slice => slice with
            {
                Traits =
                [
                    .. slice.Traits.Select(trait => trait.PValue is null ? trait : trait with { PValue = adjusted.Dequeue() }),
                ],
            }),
        ];
    }
}

/// <summary>What a trait is worth.</summary>
/// <param name="Trait">Its name, of <see cref="StyleFeatures.Names"/>.</param>
/// <param name="Value">Log odds for the answer that has it, per typical difference.</param>
/// <param name="Interval">The 95 % interval.</param>
/// <param name="TypicalDifference">The root mean square of the difference between two answers, in the trait's own unit.</param>
internal sealed record TraitWorth(string Trait, double Value, Interval Interval, double TypicalDifference)
{
    /// <summary>Of a slice, whether chance explains that it differs from the other votes, corrected for all comparisons.</summary>
    public double? PValue { get; init; }

    public static TraitWorth Of(Coefficient coefficient) =>
        new(coefficient.Feature, coefficient.Value, coefficient.Interval, coefficient.Scale);
}

/// <summary>What traits are worth in a part of the votes.</summary>
/// <param name="By">What the votes are cut by: Language.</param>
/// <param name="Name">Which part: English.</param>
/// <param name="Votes">Its votes.</param>
/// <param name="Traits">The traits that differ in it.</param>
internal sealed record TraitSlice(string By, string Name, int Votes, IReadOnlyList<TraitWorth> Traits);
