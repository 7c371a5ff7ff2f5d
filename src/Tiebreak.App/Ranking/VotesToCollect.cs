using System.Text.Json;
using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Ratings.Diagnostics;
using Tiebreak.Ratings.Judged;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Ranking;

/// <summary>The votes that reach a target, as JSON has them.</summary>
/// <param name="TargetWidth">Points from the lower to the upper end of every interval.</param>
/// <param name="Votes">Votes to collect.</param>
/// <param name="Cost">What they cost; null if that was not asked.</param>
/// <param name="Pairs">On which pairs.</param>
/// <param name="Widths">How wide every interval is, and would be.</param>
internal sealed record VotesToCollect(
    double TargetWidth, long Votes, double? Cost, IReadOnlyList<PlannedPair> Pairs, IReadOnlyList<PlannedWidth> Widths)
{
    private const int MostPairs = 20;

    /// <summary>The same where a judge helps; null without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public VotesBesideJudge? WithJudge { get; init; }

    /// <summary>Plans for a leaderboard.</summary>
    public static VotesToCollect Of(Leaderboard board, LeaderboardOptions options, RatingTarget target, double gain = 1)
    {
        var plan = VotePlan.Of(board, options, target.Width, gain);
        return new VotesToCollect(target.Width, plan.Votes, target.CostPerVote * plan.Votes, plan.Pairs, plan.Widths);
    }

    /// <summary>Plans for votes alone, and for votes beside a judge.</summary>
    public static VotesToCollect Of(
        Leaderboard votes, Leaderboard together, PredictionPoweredFit fit, LeaderboardOptions options, RatingTarget target) =>
        Of(votes, options, target) with
        {
            WithJudge = new VotesBesideJudge(
                fit.VotedUsed > 0 ? (double)fit.UnvotedUsed / fit.VotedUsed : 0,
                Of(together, options, target),
                Of(together, options, target, fit.Scatter / fit.LeastScatter)),
        };

    /// <summary>As JSON.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, InnerJson.Default.VotesToCollect);

    /// <summary>For people.</summary>
    /// <param name="unrated">Models without a rating, which nothing is planned for.</param>
    public IEnumerable<Section> Sections(int unrated)
    {
        var widest = Widths.Max(width => width.Now);
        yield return new Paragraph(
            Invariant($"Every 95 % interval is to be at most {TargetWidth:0.##} points wide, from its lower to its upper end. ")
            + Invariant($"The widest is {widest:F1} now. ")
            + (Votes == 0 ? "No more votes are needed." : $"That takes {Number(Votes)} more votes{CostOf(Cost)}.")
            + (unrated == 0 ? "" : $" {Quantity.Of(unrated, "model")} without a rating cannot be planned for."));
        if (WithJudge is { } judged)
        {
            yield return new TextTable(
                "Votes to collect", ["", "Votes", .. Cost is null ? Array.Empty<string>() : ["Cost"]],
                [
                    Row("without the judge", this),
                    Row(
                        Invariant($"with the judge, and {judged.UnvotedPerVote:0.##} more unvoted battles judged for each vote"),
                        judged.AsNow),
                    Row("with the judge, and unvoted battles without end", judged.AtBest),
                ]);
        }

        var (pairs, whose) = WithJudge is null ? (Pairs, "") : (WithJudge.AsNow.Pairs, " with the judge");
        if (pairs.Count == 0)
            yield break;
        yield return new TextTable(
            $"Votes to collect{whose}, by pair", ["Pair", "Battles so far", "Votes"],
            [.. pairs.Take(MostPairs).Select(pair => new[]
            {
                $"{pair.One}, {pair.Other}", NumberText.Count(pair.Battles), Number(pair.Votes),
            })]);
        if (pairs.Count > MostPairs)
        {
            yield return new Paragraph($"{Quantity.Of(pairs.Count - MostPairs, "more pair")} with "
                + $"{Number(pairs.Skip(MostPairs).Sum(pair => pair.Votes))} votes are in the JSON output.");
        }
    }

    private static string[] Row(string name, VotesToCollect plan) =>
        [name, Number(plan.Votes), .. plan.Cost is { } cost ? new[] { NumberText.Amount(cost) } : []];

    private static string CostOf(double? cost) => cost is null ? "" : $", at a cost of {NumberText.Amount(cost.Value)}";

    private static string Number(long count) => Invariant($"{count:N0}");
}

/// <summary>The votes that reach a target where a judge helps.</summary>
/// <param name="UnvotedPerVote">Unvoted battles that the judge is asked about for each vote: as many as now.</param>
/// <param name="AsNow">The votes then.</param>
/// <param name="AtBest">The votes if the judge were asked about unvoted battles without end.</param>
internal sealed record VotesBesideJudge(double UnvotedPerVote, VotesToCollect AsNow, VotesToCollect AtBest);
