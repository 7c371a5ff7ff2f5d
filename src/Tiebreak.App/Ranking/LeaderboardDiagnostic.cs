using Tiebreak.Ratings.Comparison;
using Tiebreak.Ratings.Diagnostics;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Online;

namespace Tiebreak.App.Ranking;

/// <summary>What can be looked at beside a leaderboard.</summary>
public enum LeaderboardDiagnostic
{
    /// <summary>Ratings with their intervals as lines of characters.</summary>
    Chart,

    /// <summary>How well rating models predict held-out votes.</summary>
    Models,

    /// <summary>How few votes change the order.</summary>
    Fragility,

    /// <summary>Voters whose votes do not fit the ratings.</summary>
    Voters,

    /// <summary>Rings of three models each of which beat the next.</summary>
    Cycles,

    /// <summary>Where more votes narrow the intervals most.</summary>
    Next,

    /// <summary>Battles, wins and ties of every two models.</summary>
    Matrices,
}

/// <summary>
/// The results of diagnostics; those that were not asked for are null. They look at the ratings of the chosen model; with features or Elo,
/// at Bradley-Terry's.
/// </summary>
/// <param name="Asked">What was asked for, in the order of reading.</param>
internal sealed record Diagnosis(IReadOnlyList<LeaderboardDiagnostic> Asked)
{
    public IReadOnlyList<RatingModelScore>? Models { get; init; }

    public FragilityResult? Fragility { get; init; }

    public IReadOnlyList<OutlierVoter>? Voters { get; init; }

    public IReadOnlyList<Cycle>? Cycles { get; init; }

    public IReadOnlyList<NextPair>? Next { get; init; }

    public PairMatrices? Matrices { get; init; }
}

/// <summary>Looks closer at votes and their ratings.</summary>
internal sealed class DiagnosticRun(VoteInput input, Leaderboard board, LeaderboardOptions options)
{
    private readonly Lazy<RatingFit> _fit = new(() => board.Fit ?? RatingFit.Of(input.Votes.Counts, penalty: options.Penalty));

    public Diagnosis Run(IReadOnlyList<LeaderboardDiagnostic> asked, (string One, string Other)? pair) => new(asked)
    {
        Models = asked.Contains(LeaderboardDiagnostic.Models) ? Models() : null,
        Fragility = asked.Contains(LeaderboardDiagnostic.Fragility) ? FragilityOf(pair) : null,
        Voters = asked.Contains(LeaderboardDiagnostic.Voters) ? OutlierVoters.Find(_fit.Value, input.Votes, input.Labels("voter")) : null,
        Cycles = asked.Contains(LeaderboardDiagnostic.Cycles) ? Cycles.Find(input.Votes.Counts) : null,
        Next = asked.Contains(LeaderboardDiagnostic.Next) ? NextPairs.Find(_fit.Value, threads: options.Threads) : null,
        Matrices = asked.Contains(LeaderboardDiagnostic.Matrices) ? Matrices() : null,
    };

    /// <summary>What happened between every two models, in the order of the leaderboard.</summary>
    public PairMatrices Matrices()
    {
        var places = input.Votes.Models.Index().ToDictionary(model => model.Item, model => model.Index, StringComparer.Ordinal);
        var rated = board.Entries.Where(entry => places.ContainsKey(entry.Model)); // online Elo rates models that have no other rating
        return PairMatrices.Of(_fit.Value, [.. rated.Select(entry => places[entry.Model])]);
    }

    private FragilityResult? FragilityOf((string One, string Other)? pair) =>
        pair is var (one, other)
            ? Fragility.OfPair(_fit.Value, one, other, options.Threads)
            : Fragility.OfTop(_fit.Value, options.Threads);

    private IReadOnlyList<RatingModelScore> Models()
    {
        // In time order, which online Elo depends on.
        var order = OnlineElo.Order(input.Votes, input.Timestamps);
        int[]? clusters = options.Clusters is { } all ? [.. order.Select(row => all[row])] : null;
        return RatingModelComparison.Run(input.Votes.At(order), clusters, options.Seed);
    }
}
