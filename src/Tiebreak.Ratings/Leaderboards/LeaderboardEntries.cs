using Tiebreak.Core.Metrics;
using Tiebreak.Core.Numerics;
using Tiebreak.Core.Randomness;
using Tiebreak.Ratings.Uncertainty;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Leaderboards;

/// <summary>Makes the rows of a leaderboard from strengths and how uncertain they are.</summary>
internal sealed class LeaderboardEntries
{
    // Points: fits are far more exact, and tables show a tenth.
    private const double EqualRatings = 1e-6;

    private readonly VoteCounts _counts;
    private readonly LeaderboardOptions _options;
    private readonly int? _anchor;

    /// <param name="counts">The votes behind the strengths.</param>
    /// <param name="options">Anchor, level, rounds, seed and threads count.</param>
    /// <exception cref="Core.InputException">The anchor is not among the models.</exception>
    public LeaderboardEntries(VoteCounts counts, LeaderboardOptions options) =>
        (_counts, _options, _anchor) = (counts, options, options.Anchor.PlaceIn(counts.Models));

    /// <summary>The strength that the anchor's rating belongs to.</summary>
    public static double Reference(IReadOnlyList<double> strengths, int? anchor) =>
        anchor is { } place ? strengths[place] : strengths.Average();

    /// <summary>Rows with intervals of the normal distribution.</summary>
    public LeaderboardEntry[] Of(IReadOnlyList<double> strengths, StrengthCovariance covariance)
    {
        var relative = Relative(strengths);
        var reach = Reach(covariance.RelativeTo(relative.Length, _anchor));
        var intervals = relative.Select((strength, i) => new Interval(Rating(strength - reach[i]), Rating(strength + reach[i])));

        // Draws tell how large the largest of many differences is by chance. With few votes the robust covariance knows few directions.
        var draws = NormalDraws.Of(
            relative, covariance.Model.RelativeTo(relative.Length, null), _options.Rounds, _options.Seed, _options.Threads);
        return Order(relative, [.. intervals], draws, covariance);
    }

    /// <summary>
    /// Rows with intervals between quantiles of bootstrap rounds, each end of which is at least as far from the rating as the model's own
    /// covariance says. (The wider one of the two intervals is not enough: quantiles alone hold the truth too rarely at their inner end.)
    /// </summary>
    public LeaderboardEntry[] Of(IReadOnlyList<double> strengths, double[][] draws, SquareMatrix model)
    {
        var relative = Relative(strengths);
        var reach = Reach(new StrengthCovariance(model, model).RelativeTo(relative.Length, _anchor));
        return OfRelative(relative, Array.ConvertAll(draws, Relative), reach, model);
    }

    /// <summary>Rows of medians of rounds, with intervals between their quantiles and nothing else: rounds of online Elo.</summary>
    public LeaderboardEntry[] OfMedians(double[][] draws)
    {
        var relative = Array.ConvertAll(draws, Relative);
        double[] medians = [.. Enumerable.Range(0, _counts.Models.Count).Select(i => Quantile.Of(Column(relative, i), 0.5))];
        return OfRelative(medians, relative, new double[medians.Length], new SquareMatrix(medians.Length));
    }

    private LeaderboardEntry[] OfRelative(double[] strengths, double[][] draws, double[] reach, SquareMatrix model)
    {
        var intervals = strengths.Select((strength, i) =>
        {
            var column = Column(draws, i);
            return new Interval(
                Rating(Math.Min(Quantile.Of(column, (1 - _options.Level) / 2), strength - reach[i])),
                Rating(Math.Max(Quantile.Of(column, (1 + _options.Level) / 2), strength + reach[i])));
        });
        return Order(strengths, [.. intervals], draws, new StrengthCovariance(model, RankRanges.Covariance(draws, _options.Threads)));
    }

    private LeaderboardEntry[] Order(double[] strengths, Interval[] intervals, double[][] draws, StrengthCovariance covariance)
    {
        var ranks = RankRanges.FromIntervals(intervals);
        var simultaneous = RankRanges.Simultaneous(strengths, draws, covariance, _options.Level, _options.Threads);
        var records = VoteRecord.Of(_counts);
        var ratings = Array.ConvertAll(strengths, Rating);
        int[] order = [.. Enumerable.Range(0, ratings.Length).OrderByDescending(i => Math.Round(ratings[i] / EqualRatings))
            .ThenBy(i => _counts.Models[i], StringComparer.Ordinal)];
        var entries = new LeaderboardEntry[order.Length];
        for (var place = 0; place < order.Length; place++)
        {
            var i = order[place];
            entries[place] = new LeaderboardEntry
            {
                Model = _counts.Models[i],
                Rating = ratings[i],
                Interval = intervals[i],
                Rank = place > 0 && entries[place - 1].Rating - ratings[i] < EqualRatings ? entries[place - 1].Rank : place + 1,
                Ranks = ranks[i],
                SimultaneousRanks = simultaneous[i],
                Battles = records[i].Battles,
                Wins = records[i].Wins,
                Losses = records[i].Losses,
            };
        }

        return entries;
    }

    private double[] Relative(IReadOnlyList<double> strengths)
    {
        var reference = Reference(strengths, _anchor);
        return [.. strengths.Select(strength => strength - reference)];
    }

    private double[] Reach(double[] variances)
    {
        var quantile = Gaussian.TwoSided(_options.Level);
        return Array.ConvertAll(variances, variance => quantile * Math.Sqrt(variance));
    }

    private double Rating(double relative) => _options.Anchor.Rating + (EloScale.PointsPerNat * relative);

    private static double[] Column(double[][] draws, int model)
    {
        var column = Array.ConvertAll(draws, draw => draw[model]);
        Array.Sort(column);
        return column;
    }
}
