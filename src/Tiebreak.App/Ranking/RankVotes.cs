using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Core.Evaluation;
using Tiebreak.Ratings.Contextual;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Slices;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.App.Ranking;

/// <summary>Ranks the models behind votes or battles, with intervals and diagnostics.</summary>
public sealed record RankVotes
{
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

    /// <summary>Also rank as of the end of every such period; null not to.</summary>
    public HistoryPeriod? OverTime { get; init; }

    /// <summary>Reads, rates and looks closer.</summary>
    /// <exception cref="InputException">The votes cannot be used, do not connect the models, or have not the columns.</exception>
    public async Task<LeaderboardDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        string[] columns = [.. By, .. Features, .. new[] { Cluster, Composite }.OfType<string>()];
        var input = await VoteInput.LoadAsync(context, Votes, Style is not null, columns, cancellationToken).ConfigureAwait(false);
        input.WarnOfSimilarNames(context);
        input = Weighted(input.Without(Exclude));
        var options = Options with
        {
            Clusters = Cluster is null ? null : Clusters.Number(input.Labels(Cluster)),
            Seed = context.Seed,
            Threads = context.Threads,
        };
        return await Task.Run(() => Rank(context, input, options, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private LeaderboardDocument Rank(JobContext context, VoteInput input, LeaderboardOptions options, CancellationToken cancellationToken)
    {
        var features = Style is not null || Features.Count > 0 ? FitFeatures(context, input, options) : null;
        var board = features?.Board ?? Fit(input, options, cancellationToken);
        if (board.PenalisedRounds > 0)
        {
            context.Warn($"in {board.PenalisedRounds} of {options.Rounds} bootstrap rounds some model won or lost everything; " +
                "a small penalty kept its rating finite there.");
        }

        var diagnostics = new DiagnosticRun(input, board, options);
        return new LeaderboardDocument(
            board,
            input.Votes,
            features,
            diagnostics.Matrices,
            diagnostics.Run(Diagnostics, Pair),
            OverTime is { } period ? LeaderboardHistory.Of(input.Votes, input.Timestamps, period, options, cancellationToken) : null,
            [.. By.Select(name => (name, SlicesBy(input, name, options)))],
            input.Problems);
    }

    private static IReadOnlyList<SliceLeaderboard> SlicesBy(VoteInput input, string name, LeaderboardOptions options) =>
        SliceComparison.Compare(
            input.Votes, Slicing.ByLabel(name, name, input.Labels(name)), options.Model, options.Clusters, options.Threads);

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
            : StyleFeatures.Of(input.Battles!, [.. Style.Count > 0 ? Style : StyleFeatures.Arena], context.Threads);
        var fit = ContextualFit.Of(input.Votes, table, FeaturePenalty, options.Penalty, context.Threads);
        return new FittedFeatures(
            Leaderboard.Of(fit, options), fit.Coefficients(options.Level, options.Clusters, context.Threads), FeaturePenalty,
            FeatureGains.Measure(input.Votes, table, options.Clusters, context.Seed, context.Threads));
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
