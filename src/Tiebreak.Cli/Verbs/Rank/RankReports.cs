using System.Text.Json.Nodes;
using Tiebreak.Cli.Output.Rank;
using Tiebreak.Core;
using Tiebreak.Ratings.Comparison;
using Tiebreak.Ratings.Diagnostics;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Slicing;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Cli.Verbs.Rank;

/// <summary>What can be shown beside a leaderboard. Diagnostics look at the ratings of the chosen model; with features or Elo, at Bradley-Terry's.</summary>
internal sealed class RankReports(Session session, RankInput input, Leaderboard board, LeaderboardOptions options)
{
    /// <summary>The names on the command line.</summary>
    public static IReadOnlyList<string> Names { get; } = ["models", "fragility", "voters", "cycles", "next", "matrices"];

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
        var slices = Slices.Compare(input.Votes, input.Labels(name), options.Model, options.Clusters);
        session.Show(LeaderboardTables.Slices(name, slices).ToTerminal());
        foreach (var slice in slices.Where(slice => slice.Note is not null))
            session.Say($"{slice.Slice}: {slice.Note}.");
        json[$"by_{name}"] = LeaderboardJson.Slices(slices);
    }

    private void ShowModels(JsonObject json)
    {
        var scores = RatingModelComparison.Run(input.Votes, options.Clusters, options.Seed);
        session.Show(LeaderboardTables.Models(scores).ToTerminal());
        json["models"] = LeaderboardJson.Models(scores);
    }

    private void ShowFragility(JsonObject json, string[] pair)
    {
        if (pair.Length is not (0 or 2))
            throw new InputException($"--pair names {pair.Length} models; give two.");
        var result = pair.Length == 2 ? Fragility.OfPair(_fit.Value, pair[0], pair[1]) : Fragility.OfTop(_fit.Value);
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
        var pairs = NextPairs.Find(_fit.Value);
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
