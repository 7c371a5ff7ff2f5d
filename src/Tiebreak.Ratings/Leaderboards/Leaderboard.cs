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

    /// <summary>
    /// Bootstrap rounds in which a small penalty kept ratings finite, because somebody won or lost everything or nothing was a tie.
    /// </summary>
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
        var counts = votes.Counts;
        var entries = new LeaderboardEntries(counts, options);
        var fit = RatingFit.Of(counts, options.Model, options.Penalty);
        if (options.Intervals == IntervalKind.Bootstrap)
        {
            var (draws, penalised) = Bootstrap.Run(
                fit, votes, options.Clusters, options.Rounds, options.Seed, options.Threads, cancellationToken);
            return new Leaderboard(entries.Of(fit.Strengths, draws, ModelCovariance.Of(fit, options.Threads)))
            {
                Fit = fit,
                Ground = GroundOf(fit, options),
                PenalisedRounds = penalised,
            };
        }

        return new Leaderboard(entries.Of(fit.Strengths, StrengthCovariance.Of(fit, votes, options.Clusters, options.Threads)))
        {
            Fit = fit,
            Ground = GroundOf(fit, options),
        };
    }

    /// <summary>Rates the models of votes that were counted elsewhere; intervals are the sandwich's.</summary>
    /// <param name="counts">The votes.</param>
    /// <param name="options">Model, penalty, level, anchor, rounds and seed count; votes are independent.</param>
    /// <exception cref="Core.InputException">As for votes one by one.</exception>
    /// <exception cref="Core.TiebreakException">The fit did not converge.</exception>
    internal static Leaderboard Of(VoteCounts counts, LeaderboardOptions options)
    {
        var fit = RatingFit.Of(counts, options.Model, options.Penalty);
        return new Leaderboard(
            new LeaderboardEntries(counts, options).Of(fit.Strengths, StrengthCovariance.Of(fit, options.Threads)))
        {
            Fit = fit,
            Ground = GroundOf(fit, options),
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
        var entries = new LeaderboardEntries(votes.Counts, options);
        var draws = OnlineElo.Bootstrap(votes, options.Rounds, k, options.Seed, options.Threads, cancellationToken);
        return new Leaderboard(entries.OfMedians(Array.ConvertAll(draws, draw => Array.ConvertAll(draw, EloScale.Strength))));
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
        return new Leaderboard(new LeaderboardEntries(fit.Counts, options).Of(fit.Strengths, covariance))
        {
            Fit = fit,
            Ground = GroundOf(fit, options),
        };
    }

    /// <summary>A leaderboard of ratings with features.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="options">Level, anchor, clusters, rounds and seed count; intervals are the sandwich's.</param>
    public static Leaderboard Of(ContextualFit fit, LeaderboardOptions options) =>
        new(new LeaderboardEntries(fit.Counts, options).Of(fit.Strengths, fit.Covariance(options.Clusters, options.Threads)));

    /// <summary>A leaderboard of votes combined with a judge's preferences.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="options">
    /// Level, anchor, rounds and seed count; the clusters are those of the fit. Wins, ties and losses are those of the votes.
    /// </param>
    public static Leaderboard Of(PredictionPoweredFit fit, LeaderboardOptions options) =>
        new(new LeaderboardEntries(fit.VotesAlone.Counts, options).Of(fit.Fit.Strengths, fit.Covariance)) { Fit = fit.Fit };

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
        return new Leaderboard(new LeaderboardEntries(fit.Fit.Counts, options)
            .Of(fit.Fit.Strengths, fit.Covariance(judged, clusters, options.Threads)))
        {
            Fit = fit.Fit,
        };
    }

    private static double? GroundOf(RatingFit fit, LeaderboardOptions options) => fit.Likelihood.IsShiftInvariant
        ? null
        : options.Anchor.Rating - (EloScale.PointsPerNat
            * LeaderboardEntries.Reference(fit.Strengths, options.Anchor.PlaceIn(fit.Counts.Models)));
}
