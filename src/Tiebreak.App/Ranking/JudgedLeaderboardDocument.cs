using System.Text.Json;
using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Metrics;
using Tiebreak.Data;
using Tiebreak.Ratings.Judged;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Reports.Documents;
using Tiebreak.Reports.Plots;

namespace Tiebreak.App.Ranking;

/// <summary>A leaderboard by votes and a judge together, and the judge beside people.</summary>
public sealed class JudgedLeaderboardDocument : IDocument
{
    private readonly JudgedRanking _ranking;

    internal JudgedLeaderboardDocument(JudgedRanking ranking, int trainedOn, IReadOnlyList<RowProblem> problems) =>
        (_ranking, TrainedOn, Problems) = (ranking, trainedOn, problems);

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => Combined is null
        ? $"The judge's preferences on {Quantity.Of(Unvoted, "battle")}, {Models}"
        : $"{Quantity.Of(Votes, "vote")} and {Quantity.Of(Unvoted, "unvoted battle")} on {Models}";

    /// <summary>Votes behind the leaderboard; 0: it is the judge's alone.</summary>
    public int Votes => _ranking.Votes;

    /// <summary>Battles behind it that only the judge has judged.</summary>
    public int Unvoted => _ranking.Unvoted;

    /// <summary>How much the judge counts, 0 to 1; null where nobody voted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Lambda => Combined?.Fit.Lambda;

    /// <summary>How probable it is that voted and unvoted battles are alike to the judge; JSON's null where that cannot be said.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ShiftPValue => Combined?.Fit.ShiftPValue;

    /// <summary>The leaderboard of the votes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RatedModel>? VotesAlone => Combined is { } combined ? RatedModel.ListOf(combined.VotesAlone) : null;

    /// <summary>The leaderboard of the judge.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RatedModel>? JudgeAlone => Combined is { } combined ? RatedModel.ListOf(combined.JudgeAlone) : null;

    /// <summary>The judge against people; JSON's null where too few battles were judged by both.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? JudgeCheck => Combined is null ? null : JsonSerializer.SerializeToElement(
        Combined.Check is { } check ? CheckedJudge.Of(check) : null, InnerJson.Default.CheckedJudge!);

    /// <summary>The votes that reach a target.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? VotesToCollect => ToCollect?.ToJson();

    internal VotesToCollect? ToCollect { get; init; }

    /// <summary>The models, best first.</summary>
    public IReadOnlyList<RatedModel> Leaderboard => RatedModel.ListOf(_ranking.Board);

    /// <summary>Battles that the judge was trained on and therefore was not asked about.</summary>
    public int TrainedOn { get; }

    /// <summary>Rows that could not be read as they should.</summary>
    public IReadOnlyList<RowProblem> Problems { get; }

    private CombinedRanking? Combined => _ranking.Combined;

    private string Models => Quantity.Of(_ranking.Board.Entries.Count, "model");

    /// <summary>The leaderboard as CSV.</summary>
    public string ToCsv() => LeaderboardDocument.CsvOf(_ranking.Board);

    /// <summary>Plots of everything, by name; the leaderboard first.</summary>
    public IReadOnlyList<(string Name, IPlot Plot)> Plots() =>
        [RankingPlots.Of(_ranking.Board), .. Combined?.Check is { } check ? new[] { RankingPlots.Of(check) } : []];

    /// <inheritdoc/>
    public IEnumerable<Section> Sections()
    {
        foreach (var section in RankingSections.Leaderboard(Title, _ranking.Board, []))
            yield return section;
        if (Combined is null)
            yield break;

        yield return Beside(_ranking.Board, Combined.VotesAlone, Combined.JudgeAlone);
        yield return new Paragraph(Lambda == 0
            ? "The judge counts nothing (λ is 0): its preferences on unvoted battles do not narrow the intervals, "
                + "which are those of the votes."
            : Invariant($"The judge counts {Lambda:P0} (λ): together, its preferences on unvoted battles narrow the intervals as far as ") +
              "what it gets wrong on voted ones allows.");
        foreach (var section in ToCollect?.Sections(unrated: 0) ?? [])
            yield return section;
        if (Combined.Check is not { } check)
            yield break;
        yield return Biases(check);
        yield return new Paragraph(
            $"Rank correlation of the judge's leaderboard with people's: {Agreement("Spearman", check.Spearman)}, " +
            $"{Agreement("Kendall", check.Kendall)}. p is corrected for {Quantity.Of(check.Biases.Count, "model")}.");
    }

    private static TextTable Beside(Leaderboard combined, Leaderboard votes, Leaderboard judge)
    {
        var (byVotes, byJudge) = (ByModel(votes), ByModel(judge));
        return new TextTable(
            "Votes and judge", ["Model", "Together", "95 % interval", "Votes alone", "95 % interval", "Narrower", "Judge alone"],
            [.. combined.Entries.Select(entry => new[]
            {
                entry.Model, Points(entry.Rating), Range(entry.Interval), Points(byVotes[entry.Model].Rating),
                Range(byVotes[entry.Model].Interval), Narrowing(entry, byVotes[entry.Model]),
                byJudge.TryGetValue(entry.Model, out var own) ? Points(own.Rating) : "",
            })]);
    }

    private static TextTable Biases(JudgeCheck check) => new(
        Invariant($"The judge less people, on {check.Battles:N0} battles that both judged"),
        ["Model", "Battles", "People", "Judge", "Difference", "95 % interval", "p"],
        [.. check.Biases.Select(bias => new[]
        {
            bias.Model, NumberText.Count(bias.Battles), NumberText.Of(bias.People, "F3"), NumberText.Of(bias.Judge, "F3"),
            NumberText.Signed(bias.Bias, 3), NumberText.SignedRange(bias.Interval, digits: 3), NumberText.Of(bias.PValue, "0.0000"),
        })]);

    private static string Agreement(string name, RankAgreement agreement) => Invariant(
        $"{name} {agreement.Value:F3} (95 % {agreement.Interval.Lower:F3} to {agreement.Interval.Upper:F3})");

    private static Dictionary<string, LeaderboardEntry> ByModel(Leaderboard board) =>
        board.Entries.ToDictionary(entry => entry.Model, StringComparer.Ordinal);

    private static double Width(LeaderboardEntry entry) => entry.Interval.Upper - entry.Interval.Lower;

    /// <summary>An anchored model has no interval to narrow.</summary>
    private static string Narrowing(LeaderboardEntry entry, LeaderboardEntry votes) =>
        Width(votes) == 0 ? "" : $"{NumberText.Signed(100 * (1 - (Width(entry) / Width(votes))), 1)} %";

    private static string Points(double rating) => NumberText.Of(rating, "F1");

    private static string Range(Interval interval) => $"{Points(interval.Lower)} to {Points(interval.Upper)}";
}

/// <summary>A judge against people as JSON has it.</summary>
internal sealed record CheckedJudge(
    int Battles,
    double Spearman,
    [property: JsonPropertyName("spearman_ci")] Interval SpearmanInterval,
    double Kendall,
    [property: JsonPropertyName("kendall_ci")] Interval KendallInterval,
    IEnumerable<BiasOfJudge> Bias)
{
    public static CheckedJudge Of(JudgeCheck check) => new(
        check.Battles, check.Spearman.Value, check.Spearman.Interval, check.Kendall.Value, check.Kendall.Interval,
        check.Biases.Select(bias => new BiasOfJudge(
            bias.Model, bias.Battles, bias.People, bias.Judge, bias.Bias, bias.Interval.Lower, bias.Interval.Upper, bias.PValue)));
}

/// <summary>How a judge differs from people on the battles of one model, as JSON has it; see <see cref="ModelBias"/>.</summary>
internal sealed record BiasOfJudge(
    string Model, int Battles, double People, double Judge, double Bias, double Lower, double Upper, double PValue);
