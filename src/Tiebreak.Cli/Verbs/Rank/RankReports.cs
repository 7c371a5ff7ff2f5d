using System.Text.Json.Nodes;
using Tiebreak.Cli.Output.Rank;
using Tiebreak.Core;
using Tiebreak.Core.Evaluation;
using Tiebreak.Ratings.Comparison;
using Tiebreak.Ratings.Contextual;
using Tiebreak.Ratings.Diagnostics;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Online;
using Tiebreak.Ratings.Slices;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Cli.Verbs.Rank;

/// <summary>What can be shown beside a leaderboard. Diagnostics look at the ratings of the chosen model; with features or Elo, at Bradley-Terry's.</summary>
internal sealed class RankReports(Session session, RankInput input, Leaderboard board, LeaderboardOptions options)
{
    /// <summary>The names on the command line.</summary>
    public static IReadOnlyList<string> Names { get; } = ["chart", "models", "fragility", "voters", "cycles", "next", "matrices"];

    /// <summary>What the features are worth, if there are features.</summary>
    public IReadOnlyList<Coefficient> Coefficients { get; init; } = [];

    private readonly Lazy<RatingFit> _fit = new(() => board.Fit ?? RatingFit.Of(VoteCounts.Of(input.Votes), penalty: options.Penalty));

    public PairMatrices Matrices()
    {
        var places = input.Votes.Models.Select((model, place) => (model, place)).ToDictionary(pair => pair.model, pair => pair.place, StringComparer.Ordinal);
        return PairMatrices.Of(_fit.Value, [.. board.Entries.Select(entry => places[entry.Model])]);
    }

    public void Show(JsonObject json, string[] names, string[] pair)
    {
        foreach (var name in names)
        {
            switch (name)
            {
                case "chart": ShowChart(); break;
                case "models": ShowModels(json); break;
                case "fragility": ShowFragility(json, pair); break;
                case "voters": ShowVoters(json); break;
                case "cycles": ShowCycles(json); break;
                case "next": ShowNext(json); break;
                default: ShowMatrices(json); break;
            }
        }
    }

    public void ShowSlices(JsonObject json, string name)
    {
        var slicing = Slicing.ByLabel(name, name, input.Labels(name));
        var slices = SliceComparison.Compare(input.Votes, slicing, options.Model, options.Clusters, options.Threads);
        session.Show(LeaderboardTables.Slices(name, slices).ToTerminal());
        foreach (var slice in slices.Where(slice => slice.Note is not null))
            session.Say($"{slice.Slice}: {slice.Note}.");
        json[$"by_{name}"] = LeaderboardJson.Slices(slices);
    }

    public IReadOnlyList<LeaderboardMoment> ShowHistory(JsonObject json, HistoryPeriod period, CancellationToken cancellationToken)
    {
        var history = LeaderboardHistory.Of(input.Votes, input.Timestamps, period, options, cancellationToken);
        session.Show(Histories.ToTable(history).ToTerminal());
        json["history"] = Histories.ToJson(history);
        return history;
    }

    private void ShowChart()
    {
        session.Show(IntervalLines.Of("Ratings with their intervals", "F0", [.. board.Entries.Select(entry => (entry.Model, entry.Rating, entry.Interval.Lower, entry.Interval.Upper))]).ToTerminal());
        if (Coefficients.Count > 0)
            session.Show(IntervalLines.Of("Features with their intervals", "F2", [.. Coefficients.Select(c => (c.Feature, c.Value, c.Interval.Lower, c.Interval.Upper))]).ToTerminal());
    }

    private void ShowModels(JsonObject json)
    {
        // In time order, which online Elo depends on.
        var order = OnlineElo.Order(input.Votes, input.Timestamps);
        int[]? clusters = options.Clusters is { } all ? [.. order.Select(row => all[row])] : null;
        var scores = RatingModelComparison.Run(input.Votes.At(order), clusters, options.Seed);
        session.Show(LeaderboardTables.Models(scores).ToTerminal());
        json["models"] = LeaderboardJson.Models(scores);
    }

    private void ShowFragility(JsonObject json, string[] pair)
    {
        if (pair.Length is not (0 or 2))
            throw new InputException($"--pair names {pair.Length} models; give two.");
        var result = pair.Length == 2
            ? Fragility.OfPair(_fit.Value, pair[0], pair[1], options.Threads)
            : Fragility.OfTop(_fit.Value, options.Threads);
        session.Say(result is null
            ? "No removal of votes was found that changes the order."
            : $"Without {result.Votes:N0} votes ({result.Share:P2} of all), {result.Worse} would be ahead of {result.Better}:");
        if (result is not null)
            session.Show(LeaderboardTables.Removed(result).ToTerminal());
        json["fragility"] = LeaderboardJson.Fragility(result);
    }

    private void ShowVoters(JsonObject json)
    {
        var voters = OutlierVoters.Find(_fit.Value, input.Votes, input.Labels("voter"));
        if (voters.Count == 0)
            session.Say("No voter stands out: all votes fit the ratings as well as chance allows.");
        else
            session.Show(LeaderboardTables.Voters(voters).ToTerminal());
        json["voters"] = LeaderboardJson.Voters(voters);
    }

    private void ShowCycles(JsonObject json)
    {
        var cycles = Cycles.Find(VoteCounts.Of(input.Votes));
        if (cycles.Count == 0)
            session.Say("There are no rings of three models each of which beat the next.");
        else
            session.Show(LeaderboardTables.Rings(cycles).ToTerminal());
        json["cycles"] = LeaderboardJson.Rings(cycles);
    }

    private void ShowNext(JsonObject json)
    {
        var pairs = NextPairs.Find(_fit.Value, threads: options.Threads);
        session.Show(LeaderboardTables.Next(pairs).ToTerminal());
        json["next"] = LeaderboardJson.Next(pairs);
    }

    private void ShowMatrices(JsonObject json)
    {
        var matrices = Matrices();
        session.Show(LeaderboardTables.Matrix("Battles", matrices, matrices.Battles, "0").ToTerminal());
        session.Show(LeaderboardTables.Matrix("Wins of the row among decisive votes", matrices, matrices.WinFraction, "0.00").ToTerminal());
        session.Show(LeaderboardTables.Matrix("Ties among all votes", matrices, matrices.TieFraction, "0.00").ToTerminal());
        json["matrices"] = LeaderboardJson.Matrices(matrices);
    }
}
