using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Ratings.Contextual;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Slices;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.App.Ranking;

/// <summary>Ranks the models behind votes or battles, with intervals and diagnostics.</summary>
public sealed record RankVotes
{
    /// <summary>Models with fewer votes are warned of.</summary>
    public const int FewVotes = 20;

    // Where a larger share of the votes is between models without a rating, the others are not rated either.
    private const double MostUnused = 0.2;

    /// <summary>A file of votes, or of battles.</summary>
    public required string Votes { get; init; }

    /// <summary>How to rate. Clusters, seed and threads are set here from the votes and the context.</summary>
    public LeaderboardOptions Options { get; init; } = new();

    /// <summary>Points that a vote can move a rating by in online Elo; null to fit <see cref="LeaderboardOptions.Model"/>.</summary>
    public double? EloFactor { get; init; }

    /// <summary>Models to leave out.</summary>
    public IReadOnlyCollection<string> Exclude { get; init; } = [];

    /// <summary>Divide votes by the number of votes of their pair, or by this if that is larger; null not to.</summary>
    public int? Reweight { get; init; }

    /// <summary>The time after which a vote counts half; null: all count alike.</summary>
    public TimeSpan? HalfLife { get; init; }

    /// <summary>A column whose parts are rated apart and combined into one leaderboard; null for none.</summary>
    public string? Composite { get; init; }

    /// <summary>The weights of the parts of <see cref="Composite"/>; empty: all count alike.</summary>
    public IReadOnlyDictionary<string, double> CompositeWeights { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>A column that says which votes depend on each other; null for none.</summary>
    public string? Cluster { get; init; }

    /// <summary>Style features to control for, of <see cref="StyleFeatures.Names"/>; empty for the Arena's, null for none.</summary>
    public IReadOnlyList<string>? Style { get; init; }

    /// <summary>Numeric columns to control for.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>Factor of half the squared coefficients of features.</summary>
    public double FeaturePenalty { get; init; } = ContextualFit.DefaultPenalty;

    /// <summary>Columns whose parts are each compared with the other votes.</summary>
    public IReadOnlyList<string> By { get; init; } = [];

    /// <summary>Diagnostics to add.</summary>
    public IReadOnlyList<LeaderboardDiagnostic> Diagnostics { get; init; } = [];

    /// <summary>Two models whose order <see cref="LeaderboardDiagnostic.Fragility"/> examines; null for the top two.</summary>
    public (string One, string Other)? Pair { get; init; }

    /// <summary>How well every rating is to be known: plans the votes that are missing. Null not to.</summary>
    public RatingTarget? Target { get; init; }

    /// <summary>Also rank as of the end of every such period; null not to.</summary>
    public HistoryPeriod? OverTime { get; init; }

    /// <summary>Reads, rates and looks closer.</summary>
    /// <exception cref="InputException">The votes cannot be used, do not connect the models, or have not the columns.</exception>
    public async Task<LeaderboardDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        string[] columns = [.. By, .. Features, .. new[] { Cluster, Composite }.OfType<string>()];
        var whole = await VoteInput.LoadAsync(context, Votes, Style is not null, columns, cancellationToken).ConfigureAwait(false);
        whole.WarnOfSimilarNames(context);
        whole = whole.Without(Exclude);
        ThrowIfUnanswerable(whole, columns);
        whole = Weighted(whole);
        return await Task.Run(() => Rank(context, whole, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What was asked for and the votes cannot tell is said before anything is worked out.</summary>
    private void ThrowIfUnanswerable(VoteInput input, string[] columns)
    {
        foreach (var name in Diagnostics.Contains(LeaderboardDiagnostic.Voters) ? [.. columns, "voter"] : columns)
            input.ThrowIfUnsaid(name);
        ThrowIfVotesCannotBePlanned();
        if (OverTime is not null)
            LeaderboardHistory.ThrowIfTimesAreUnknown(input.Votes, input.Timestamps);
        _ = Options.Anchor.PlaceIn(input.Votes.Models);
        string[] pair = Pair is var (one, other) ? [one, other] : [];
        if (pair.FirstOrDefault(model => !input.Votes.Models.Contains(model, StringComparer.Ordinal)) is { } unknown)
            throw new InputException($"{unknown} is not among the {Quantity.Of(input.Votes.Models.Count, "model")} of the votes.");
    }

    private void ThrowIfVotesCannotBePlanned()
    {
        if (Target is null)
            return;
        Target.ThrowIfImpossible();
        if (EloFactor is not null || Composite is not null || Style is not null || Features.Count > 0 || Reweight is not null
            || HalfLife is not null)
        {
            throw new InputException(
                "`target-width` plans votes that all count alike, for ratings that are fitted to votes alone: leave `composite`, `style`, "
                + "`feature`, `reweight`, `half-life` and online Elo out.")
            {
                Parameters = ["target-width", "composite", "style", "feature", "reweight", "half-life"],
            };
        }
    }

    private LeaderboardDocument Rank(JobContext context, VoteInput whole, CancellationToken cancellationToken)
    {
        var (input, unrated) = Rateable(context, whole);
        var options = Options with
        {
            Clusters = ClustersOf(input),
            Seed = context.Seed,
            Threads = context.Threads,
        };
        var features = Style is not null || Features.Count > 0 ? FitFeatures(context, input, options) : null;
        var board = features?.Board ?? Fit(EloFactor is null ? input : whole, options, cancellationToken);
        WarnOfRounds(context, board, options);
        WarnOfFewVotes(context, board);
        var diagnostics = new DiagnosticRun(input, board, options);
        return new LeaderboardDocument(
            board,
            EloFactor is null ? unrated : [],
            whole.Votes.Counts,
            features,
            diagnostics.Matrices,
            diagnostics.Run(Diagnostics, Pair),
            OverTime is { } period
                ? LeaderboardHistory.Of(
                    whole.Votes, whole.Timestamps, period, options with { Clusters = ClustersOf(whole) }, cancellationToken)
                : null,
            [.. By.Select(name => (name, SlicesBy(input, name, options)))],
            whole.Problems)
        {
            ToCollect = Target is null ? null : VotesToCollect.Of(board, options, Target),
        };
    }

    private int[]? ClustersOf(VoteInput input) => Cluster is null ? null : Clusters.Number(input.Labels(Cluster));

    /// <summary>The votes between models whose ratings exist, and the other models.</summary>
    private (VoteInput Input, IReadOnlyList<UnratedModel> Unrated) Rateable(JobContext context, VoteInput whole)
    {
        var rateable = RateableVotes.Of(whole.Votes, Options.Penalty);
        if (rateable.Unrated.Count == 0 || rateable.Rows.Length == 0 || UnusedShare(whole.Votes, rateable) > MostUnused)
            return (whole, []);

        string[] names = [.. rateable.Unrated.Select(model => model.Model)];
        if (EloFactor is null)
        {
            context.Warn($"{Quantity.Of(names.Length, "model has", "models have")} no rating, for want of wins or of losses: " +
                $"{ModelNames.FirstOf(names)}. A penalty (0.1) would give every model one.");
        }

        string?[] asked = [EloFactor is null ? Options.Anchor.Model : null, Pair?.One, Pair?.Other];
        if (Array.Find(asked, names.Contains) is { } missing)
        {
            throw new InputException(
                $"{missing} has no rating: it lacks wins or losses against the others. A `penalty` of 0.1 gives it one.")
            {
                Code = ErrorCodes.RatingsUndefined,
                Parameters = ["penalty"],
            };
        }

        return (whole.At(rateable.Rows), rateable.Unrated);
    }

    /// <summary>
    /// The share of votes between two models that are both without a rating. A vote of one against a rated model is used: it says that the
    /// one is far above or below.
    /// </summary>
    private static double UnusedShare(VoteSet votes, RateableVotes rateable)
    {
        var unrated = rateable.Unrated.Select(model => model.Model).ToHashSet(StringComparer.Ordinal);
        bool[] isUnrated = [.. votes.Models.Select(unrated.Contains)];
        return Enumerable.Range(0, votes.Count).Count(row => isUnrated[votes.ModelA[row]] && isUnrated[votes.ModelB[row]])
            / (double)votes.Count;
    }

    private static void WarnOfRounds(JobContext context, Leaderboard board, LeaderboardOptions options)
    {
        if (board.PenalisedRounds > 0)
        {
            context.Warn($"in {board.PenalisedRounds} of {options.Rounds} bootstrap rounds some model won or lost everything, or nothing " +
                "was a tie; a small penalty kept ratings finite there.");
        }
    }

    private void WarnOfFewVotes(JobContext context, Leaderboard board)
    {
        string[] few = [.. board.Entries.Where(entry => entry.Battles < FewVotes).Select(entry => entry.Model)];
        if (few.Length > 0)
        {
            var isLevelVague = few.Length < board.Entries.Count && Options.Anchor.Model is null && EloFactor is null;
            context.Warn($"{Quantity.Of(few.Length, "model has", "models have")} fewer than {FewVotes} votes: {ModelNames.FirstOf(few)}. " +
                "Such ratings are hardly more than a direction; read their intervals, not their ranks." + (isLevelVague
                    ? " They make the mean of all models uncertain, to which all intervals are relative: without them, or with an anchor " +
                        "that has many votes, the others' are narrower."
                    : ""));
        }
    }

    private static IReadOnlyList<SliceLeaderboard> SlicesBy(VoteInput input, string name, LeaderboardOptions options) =>
        SliceComparison.Compare(
            input.Votes, TagSlices.Cut(name, input.Labels(name)), options.Model, options.Clusters, options.Threads);

    private VoteInput Weighted(VoteInput input)
    {
        var votes = HalfLife is { } time ? TimeDecay.Apply(input.Votes, input.Timestamps, time) : input.Votes;
        return input.With(Reweight is { } minimum ? PairReweighting.Apply(votes, minimum) : votes);
    }

    private Leaderboard Fit(VoteInput input, LeaderboardOptions options, CancellationToken cancellationToken)
    {
        if (EloFactor is { } k)
            return Leaderboard.OfElo(input.Votes, options, k, cancellationToken);
        if (Composite is null)
            return Leaderboard.Of(input.Votes, options, cancellationToken);

        var labels = input.Labels(Composite);
        var weights = CompositeWeights.Count > 0
            ? CompositeWeights
            : labels.Where(label => label.Length > 0).Distinct(StringComparer.Ordinal)
                .ToDictionary(label => label, _ => 1.0, StringComparer.Ordinal);
        return Leaderboard.OfComposite(input.Votes, labels, weights, options);
    }

    private FittedFeatures FitFeatures(JobContext context, VoteInput input, LeaderboardOptions options)
    {
        var table = Style is null
            ? FeatureTable.Of([.. Features], Differences(input))
            : StyleTable(context, input.Battles!);
        var fit = ContextualFit.Of(input.Votes, table, FeaturePenalty, options.Penalty, context.Threads);
        return new FittedFeatures(
            Leaderboard.Of(fit, options), fit.Coefficients(options.Level, options.Clusters, context.Threads), FeaturePenalty,
            FeatureGains.Measure(input.Votes, table, options.Clusters, context.Seed, context.Threads));
    }

    /// <summary>Features that were named must differ somewhere; of the usual ones, those that do are taken.</summary>
    private FeatureTable StyleTable(JobContext context, IReadOnlyList<Battle> battles)
    {
        if (Style!.Count > 0)
            return StyleFeatures.Of(battles, Style, context.Threads);

        var table = StyleFeatures.OfVaried(battles, StyleFeatures.Arena, context.Threads);
        string[] constant = [.. StyleFeatures.Arena.Except(table.Names, StringComparer.Ordinal)];
        if (constant.Length > 0)
        {
            context.Warn(
                $"{string.Join(" and ", constant)} {(constant.Length == 1 ? "is" : "are")} the same on both sides of every vote, " +
                $"and {(constant.Length == 1 ? "was" : "were")} left out of the style features.");
        }

        return table;
    }

    /// <summary>The columns of features row by row.</summary>
    private double[] Differences(VoteInput input)
    {
        var differences = new double[input.Votes.Count * Features.Count];
        for (var k = 0; k < Features.Count; k++)
        {
            var labels = input.Labels(Features[k]);
            for (var row = 0; row < labels.Length; row++)
            {
                differences[(row * Features.Count) + k] =
                    double.TryParse(labels[row], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                        ? value
                        : throw new InputException(
                            $"Vote {row + 1} has \"{labels[row]}\" in the column {Features[k]}, which is no number. " +
                                "Leave the row or the feature out.");
            }
        }

        return differences;
    }
}

/// <summary>A fit with features.</summary>
/// <param name="Board">The ratings beside them.</param>
/// <param name="Coefficients">What each feature is worth.</param>
/// <param name="Penalty">Factor of half the squared coefficients.</param>
/// <param name="Gain">Whether they help on held-out votes.</param>
internal sealed record FittedFeatures(Leaderboard Board, IReadOnlyList<Coefficient> Coefficients, double Penalty, FeatureGain Gain);
