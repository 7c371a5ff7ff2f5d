using Tiebreak.Core.Metrics;
using Tiebreak.Core.Numerics;
using Tiebreak.Ratings.Contextual;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Judged;
using Tiebreak.Ratings.Online;
using Tiebreak.Ratings.Uncertainty;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Leaderboards;

/// <summary>Models by rating, with intervals and ranks.</summary>
public sealed class Leaderboard
{
    private Leaderboard(IReadOnlyList<LeaderboardEntry> entries) => Entries = entries;

    /// <summary>The models, the best first.</summary>
    public IReadOnlyList<LeaderboardEntry> Entries { get; }

    /// <summary>The fit behind the ratings; null for online Elo.</summary>
    public RatingFit? Fit { get; private init; }

    /// <summary>
    /// The rating of the ground, below which "both bad" is more likely than not to beat a model; null except for the grounded model.
    /// </summary>
    public double? Ground { get; private init; }

    /// <summary>Bootstrap rounds in which a small penalty kept ratings finite because somebody won or lost everything.</summary>
    public int PenalisedRounds { get; private init; }

    /// <summary>Rates the models of votes.</summary>
    /// <param name="votes">The votes.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="Core.InputException">
    /// Ratings do not exist (see <see cref="Connectivity"/>), or the anchor is not among the models.
    /// </exception>
    /// <exception cref="Core.TiebreakException">The fit did not converge.</exception>
    public static Leaderboard Of(VoteSet votes, LeaderboardOptions options, CancellationToken cancellationToken = default)
    {
        var counts = VoteCounts.Of(votes);
        var anchor = options.Anchor.PlaceIn(votes.Models);
        var fit = RatingFit.Of(counts, options.Model, options.Penalty);
        if (options.Intervals == IntervalKind.Bootstrap)
        {
            var (draws, penalised) = Bootstrap.Run(
                fit, votes, options.Clusters, options.Rounds, options.Seed, options.Threads, cancellationToken);
            return new Leaderboard(FromDraws(
                counts, Rated(fit.Strengths, anchor, options), [.. draws.Select(draw => Rated(draw, anchor, options))], options))
            {
                Fit = fit,
                Ground = GroundOf(fit, anchor, options),
                PenalisedRounds = penalised,
            };
        }

        var covariance = options.Clusters is null
            ? Sandwich.Covariance(fit, options.Threads)
            : Sandwich.Covariance(fit, votes, options.Clusters, options.Threads);
        return new Leaderboard(FromCovariance(counts, fit.Strengths, covariance, options))
        {
            Fit = fit,
            Ground = GroundOf(fit, anchor, options),
        };
    }

    /// <summary>Online Elo: the median of bootstrap rounds, as the Arena showed it.</summary>
    /// <param name="votes">The votes.</param>
    /// <param name="options">Rounds, level, anchor, seed and threads count; the rest does not.</param>
    /// <param name="k">Points that a vote can move a rating by.</param>
    /// <param name="cancellationToken">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    public static Leaderboard OfElo(
        VoteSet votes, LeaderboardOptions options, double k = OnlineElo.DefaultK, CancellationToken cancellationToken = default)
    {
        var anchor = options.Anchor.PlaceIn(votes.Models);
        var draws = OnlineElo.Bootstrap(votes, options.Rounds, k, options.Seed, options.Threads, cancellationToken)
            .Select(draw => Rated(Array.ConvertAll(draw, EloScale.Strength), anchor, options)).ToArray();
        var median = Enumerable.Range(0, votes.Models.Count)
            .Select(i => Quantile.Of([.. draws.Select(draw => draw[i]).Order()], 0.5)).ToArray();
        return new Leaderboard(FromDraws(VoteCounts.Of(votes), median, draws, options));
    }

    /// <summary>One leaderboard over categories with chosen weights, however many votes each has; intervals are the sandwich's.</summary>
    /// <param name="votes">The votes.</param>
    /// <param name="labels">The category of each vote; votes of categories without weight do not count.</param>
    /// <param name="weights">The weight of each category.</param>
    /// <param name="options">Model, level, anchor, rounds and seed count.</param>
    /// <exception cref="Core.InputException">A category has no votes, or ratings do not exist.</exception>
    public static Leaderboard OfComposite(
        VoteSet votes, string[] labels, IReadOnlyDictionary<string, double> weights, LeaderboardOptions options)
    {
        var (fit, covariance) = CompositeFit.Of(votes, labels, weights, options.Model, options.Threads);
        return new Leaderboard(FromCovariance(fit.Counts, fit.Strengths, covariance, options))
        {
            Fit = fit,
            Ground = GroundOf(fit, options.Anchor.PlaceIn(votes.Models), options),
        };
    }

    /// <summary>A leaderboard of ratings with features.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="options">Level, anchor, clusters, rounds and seed count; intervals are the sandwich's.</param>
    public static Leaderboard Of(ContextualFit fit, LeaderboardOptions options) =>
        new(FromCovariance(fit.Counts, fit.Strengths, fit.Covariance(options.Clusters, options.Threads), options));

    /// <summary>A leaderboard of votes combined with a judge's preferences.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="options">
    /// Level, anchor, rounds and seed count; the clusters are those of the fit. Wins, ties and losses are those of the votes.
    /// </param>
    public static Leaderboard Of(PredictionPoweredFit fit, LeaderboardOptions options) =>
        new(FromCovariance(fit.VotesAlone.Counts, fit.Fit.Strengths, fit.Covariance, options)) { Fit = fit.Fit };

    /// <summary>
    /// A leaderboard of a judge's preferences alone, whatever people voted. Its intervals say how much other battles would change it, not
    /// how far the judge is from people.
    /// </summary>
    /// <param name="battles">The battles; those on which the judge was not asked do not count.</param>
    /// <param name="options">
    /// Level, anchor, clusters (one number a battle), penalty, rounds and seed count. Wins, ties and losses are what the judge would vote.
    /// </param>
    /// <exception cref="Core.InputException">The judge was asked on no battle, or some models never met.</exception>
    public static Leaderboard OfJudge(JudgedBattles battles, LeaderboardOptions options)
    {
        var rows = battles.Rows(voted: null, judged: true);
        var judged = battles.At(rows).WithoutVotes();
        var fit = ScoreFit.Of(judged, judged.Judge, options.Penalty, options.Threads);
        var clusters = options.Clusters is null ? null : Clusters.Renumber([.. rows.Select(row => options.Clusters[row])]);
        var covariance = fit.Covariance(judged, clusters, options.Threads);
        return new Leaderboard(FromCovariance(fit.Fit.Counts, fit.Fit.Strengths, covariance, options)) { Fit = fit.Fit };
    }

    private static LeaderboardEntry[] FromCovariance(
        VoteCounts counts, IReadOnlyList<double> strengths, SquareMatrix covariance, LeaderboardOptions options)
    {
        var anchor = options.Anchor.PlaceIn(counts.Models);
        var ratings = Rated(strengths, anchor, options);
        var relative = covariance.RelativeTo(strengths.Count, anchor);
        var reach = Gaussian.TwoSided(options.Level) * EloScale.PointsPerNat;
        var intervals = new Interval[ratings.Length];
        for (var i = 0; i < intervals.Length; i++)
        {
            var half = reach * Math.Sqrt(Math.Max(0, relative[i, i]));
            intervals[i] = new Interval(ratings[i] - half, ratings[i] + half);
        }

        var draws = Gaussian.Draw(strengths, covariance, options.Rounds, options.Seed, options.Threads);
        return Order(counts, ratings, intervals, RankRanges.Simultaneous(strengths, draws, options.Level, options.Threads));
    }

    private static LeaderboardEntry[] FromDraws(VoteCounts counts, double[] ratings, double[][] draws, LeaderboardOptions options)
    {
        var intervals = new Interval[ratings.Length];
        var column = new double[draws.Length];
        for (var i = 0; i < intervals.Length; i++)
        {
            for (var round = 0; round < draws.Length; round++)
                column[round] = draws[round][i];
            Array.Sort(column);
            intervals[i] = new Interval(Quantile.Of(column, (1 - options.Level) / 2), Quantile.Of(column, (1 + options.Level) / 2));
        }

        return Order(counts, ratings, intervals, RankRanges.Simultaneous(ratings, draws, options.Level, options.Threads));
    }

    private static LeaderboardEntry[] Order(VoteCounts counts, double[] ratings, Interval[] intervals, RankRange[] simultaneous)
    {
        var ranks = RankRanges.FromIntervals(intervals);
        var records = Records(counts);
        var order = Enumerable.Range(0, ratings.Length).OrderByDescending(i => ratings[i])
            .ThenBy(i => counts.Models[i], StringComparer.Ordinal);
        return [.. order.Select((i, place) => new LeaderboardEntry
        {
            Model = counts.Models[i],
            Rating = ratings[i],
            Interval = intervals[i],
            Rank = place + 1,
            Ranks = ranks[i],
            SimultaneousRanks = simultaneous[i],
            Battles = records[i].Battles,
            Wins = records[i].Wins,
            Losses = records[i].Losses,
        })];
    }

    private static (int Battles, int Wins, int Losses)[] Records(VoteCounts counts)
    {
        var records = new (int Battles, int Wins, int Losses)[counts.Models.Count];
        for (var pair = 0; pair < counts.Pairs; pair++)
        {
            ref var first = ref records[counts.First[pair]];
            ref var second = ref records[counts.Second[pair]];
            var (won, lost) = (counts.Votes[VoteCounts.Outcomes * pair], counts.Votes[(VoteCounts.Outcomes * pair) + 1]);
            first = (first.Battles + counts.VotesOf(pair), first.Wins + won, first.Losses + lost);
            second = (second.Battles + counts.VotesOf(pair), second.Wins + lost, second.Losses + won);
        }

        return records;
    }

    private static double[] Rated(IReadOnlyList<double> strengths, int? anchor, LeaderboardOptions options)
    {
        var reference = Reference(strengths, anchor);
        return [.. strengths.Select(strength => options.Anchor.Rating + (EloScale.PointsPerNat * (strength - reference)))];
    }

    private static double Reference(IReadOnlyList<double> strengths, int? anchor) =>
        anchor is { } place ? strengths[place] : strengths.Average();

    private static double? GroundOf(RatingFit fit, int? anchor, LeaderboardOptions options) => fit.Likelihood.IsShiftInvariant
        ? null
        : options.Anchor.Rating - (EloScale.PointsPerNat * Reference(fit.Strengths, anchor));
}
