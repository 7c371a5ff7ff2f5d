using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Files;
using Tiebreak.Data;
using Tiebreak.Ratings.Comparison;
using Tiebreak.Ratings.Contextual;
using Tiebreak.Ratings.Diagnostics;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Slices;
using Tiebreak.Ratings.Votes;
using Tiebreak.Reports.Documents;
using Tiebreak.Reports.Plots;

namespace Tiebreak.App.Ranking;

/// <summary>A leaderboard and what was looked at beside it. What was not asked for is null.</summary>
public sealed class LeaderboardDocument : IDocument
{
    private readonly Leaderboard _board;
    private readonly IReadOnlyList<UnratedModel> _unrated;
    private readonly VoteCounts _votes;
    private readonly FittedFeatures? _features;
    private readonly Func<PairMatrices> _matrices;
    private readonly Diagnosis _diagnosis;
    private readonly IReadOnlyList<LeaderboardMoment>? _history;
    private readonly IReadOnlyList<(string Name, IReadOnlyList<SliceLeaderboard> Slices)> _slices;

    internal LeaderboardDocument(
        Leaderboard board,
        IReadOnlyList<UnratedModel> unrated,
        VoteCounts votes,
        FittedFeatures? features,
        Func<PairMatrices> matrices,
        Diagnosis diagnosis,
        IReadOnlyList<LeaderboardMoment>? history,
        IReadOnlyList<(string Name, IReadOnlyList<SliceLeaderboard> Slices)> slices,
        IReadOnlyList<RowProblem> problems) =>
        (_board, _unrated, _votes, _features, _matrices, _diagnosis, _history, _slices, Problems) =
        (board, unrated, votes, features, matrices, diagnosis, history, slices, problems);

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => $"{Quantity.Of(Votes, "vote")} on {Quantity.Of(_votes.Models.Count, "model")}";

    /// <summary>The models, best first.</summary>
    public IReadOnlyList<RatedModel> Leaderboard => RatedModel.ListOf(_board);

    /// <summary>Models whose ratings do not exist, in the order of the votes.</summary>
    public IEnumerable<UnratedRow> Unrated => _unrated.Select(UnratedRow.Of);

    /// <summary>Votes there are.</summary>
    public int Votes => _votes.Votes.Sum();

    /// <summary>The log-likelihood of the fit; null for online Elo and with features.</summary>
    public double? LogLikelihood => _board.Fit?.LogLikelihood;

    /// <summary>The tie parameter of the fit; null where the model has none.</summary>
    public double? TieParameter => _board.Fit?.TieParameter;

    /// <summary>The rating that "both bad" compares with; null where the model has none.</summary>
    public double? Ground => _board.Ground;

    /// <summary>Rows that could not be read as they should.</summary>
    public IReadOnlyList<RowProblem> Problems { get; }

    /// <summary>What features are worth.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IEnumerable<RatedFeature>? Features => _features?.Coefficients.Select(RatedFeature.Of);

    /// <summary>Factor of half the squared coefficients.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? FeaturePenalty => _features?.Penalty;

    /// <summary>Whether the features help on held-out votes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FeatureGain? HeldOut => _features?.Gain;

    /// <summary>How well rating models predict held-out votes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RatingModelScore>? Models => _diagnosis.Models;

    /// <summary>How few votes change the order; JSON's null if no removal was found that does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Fragility => _diagnosis.Asked.Contains(LeaderboardDiagnostic.Fragility)
        ? JsonSerializer.SerializeToElement(_diagnosis.Fragility, AppJson.Default.FragilityResult!)
        : null;

    /// <summary>Voters whose votes do not fit the ratings.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<OutlierVoter>? Voters => _diagnosis.Voters;

    /// <summary>Rings of three models each of which beat the next.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Cycle>? Cycles => _diagnosis.Cycles;

    /// <summary>Where more votes narrow the intervals most.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<NextPair>? Next => _diagnosis.Next;

    /// <summary>The votes that reach a target.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? VotesToCollect => ToCollect?.ToJson();

    internal VotesToCollect? ToCollect { get; init; }

    /// <summary>What happened between every two models.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RatedPairs? Matrices => _diagnosis.Matrices is { } matrices ? RatedPairs.Of(matrices) : null;

    /// <summary>The leaderboard as it stood at the end of each period.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IEnumerable<RatedPeriod>? History => _history?.Select(moment => new RatedPeriod(
        moment.Period, moment.Votes, moment.Board is { } board ? RatedModel.ListOf(board) : [], moment.Unrated));

    /// <summary>Parts of the votes, each against the rest, as <c>by_COLUMN</c>.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement> Slices => _slices.ToDictionary(
        by => $"by_{by.Name}",
        by => JsonSerializer.SerializeToElement(by.Slices, InnerJson.Default.IReadOnlyListSliceLeaderboard),
        StringComparer.Ordinal);

    /// <summary>The leaderboard as CSV.</summary>
    public string ToCsv() => CsvOf(_board);

    /// <summary>Plots of everything, by name; the leaderboard first.</summary>
    public IReadOnlyList<(string Name, IPlot Plot)> Plots() =>
    [
        RankingPlots.Of(_board),
        .. RankingPlots.Of(_matrices()),
        .. _features is null ? [] : new[] { RankingPlots.Of(_features.Coefficients) },
        .. _history is { Count: > 0 } history ? new[] { RankingPlots.Of(history) } : [],
    ];

    /// <inheritdoc/>
    public IEnumerable<Section> Sections() =>
    [
        .. _features is null ? [] : RankingSections.Features(_features, Votes),
        .. RankingSections.Leaderboard(Title, _board, _unrated),
        .. RankingSections.Fit(_board),
        .. ToCollect?.Sections(_unrated.Count) ?? [],
        .. _diagnosis.Asked.SelectMany(SectionsOf),
        .. _history is null ? Array.Empty<Section>() : [RankingSections.History(_history)],
        .. _slices.SelectMany(by => RankingSections.Slices(by.Name, by.Slices)),
    ];

    internal static string CsvOf(Leaderboard board)
    {
        var text = new StringBuilder("model,rating,lower,upper,rank,rank_best,rank_worst,battles,wins,losses,ties\n");
        foreach (var entry in board.Entries)
        {
            text.Append(CsvText.Quote(entry.Model))
                .Append(CultureInfo.InvariantCulture, $",{entry.Rating:R},{entry.Interval.Lower:R},{entry.Interval.Upper:R},{entry.Rank},")
                .Append(CultureInfo.InvariantCulture, $"{entry.Ranks.Best},{entry.Ranks.Worst},{entry.Battles},{entry.Wins},")
                .Append(CultureInfo.InvariantCulture, $"{entry.Losses},{entry.Ties}\n");
        }

        return text.ToString();
    }

    private IEnumerable<Section> SectionsOf(LeaderboardDiagnostic asked) => asked switch
    {
        LeaderboardDiagnostic.Chart => RankingSections.Chart(_board, _features?.Coefficients ?? []),
        LeaderboardDiagnostic.Models => [RankingSections.Models(_diagnosis.Models!)],
        LeaderboardDiagnostic.Fragility => RankingSections.Fragility(_diagnosis.Fragility),
        LeaderboardDiagnostic.Voters => [RankingSections.Voters(_diagnosis.Voters!)],
        LeaderboardDiagnostic.Cycles => [RankingSections.Rings(_diagnosis.Cycles!)],
        LeaderboardDiagnostic.Next => [RankingSections.Next(_diagnosis.Next!)],
        _ => RankingSections.Matrices(_diagnosis.Matrices!),
    };
}
