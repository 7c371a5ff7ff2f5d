using System.Text.Json.Nodes;
using Tiebreak.Cli.Output;
using Tiebreak.Cli.Output.Rank;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Data;
using Tiebreak.Ratings.Judged;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Cli.Verbs.Rank;

/// <summary><c>rank --judge</c>: votes combined with a judge's preferences on battles that nobody voted on, and the judge checked against people.</summary>
internal sealed class RankByJudge(Session session)
{
    private const double SuspiciousShift = 0.01;
    private const int Named = 5;

    private readonly JsonObject _json = [];

    /// <summary>The folder of the judge's bundle.</summary>
    public required string Judge { get; init; }

    /// <summary>Files of battles, with votes or without.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    public required IReadOnlyList<string> Exclude { get; init; }

    public required bool ClusterByPrompt { get; init; }

    public required LeaderboardOptions Options { get; init; }

    public required string? Csv { get; init; }

    public required string? Plot { get; init; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var bundle = await session.OpenJudgeAsync(Judge, cancellationToken);
        var set = await BattleLoading.LoadAsync(session, Files, BattlePurpose.Explore, cancellationToken);
        var battles = Usable(set.Battles);
        var isSeen = FindSeen(bundle, set, battles);
        var preferences = new Preference?[battles.Count];
        int[] asked = [.. Enumerable.Range(0, battles.Count).Where(row => !isSeen[row])];
        var answers = await PredictVerb.JudgeAsync(session, bundle.Judge, [.. asked.Select(row => battles[row])], cancellationToken);
        for (var i = 0; i < asked.Length; i++)
            preferences[asked[i]] = answers[i];

        var board = battles.Exists(battle => battle.Verdict is not null) ? Combine(battles, preferences) : JudgeAlone(battles, preferences);
        if (Csv is not null)
        {
            LeaderboardCsv.Write(Csv, board);
            session.Say($"Wrote {Csv}.");
        }

        _json["leaderboard"] = LeaderboardJson.Leaderboard(board);
        _json["trained_on"] = isSeen.Count(known => known);
        _json["problems"] = ProblemList.ToJson(set);
        session.Emit(_json);
    }

    private List<Battle> Usable(IReadOnlyList<Battle> all)
    {
        var battles = all.Where(battle => battle is { ModelA.Length: > 0, ModelB.Length: > 0, Turns.Count: > 0 } && !string.Equals(battle.ModelA, battle.ModelB, StringComparison.Ordinal)).ToList();
        if (battles.Count < all.Count)
            session.Warn($"{all.Count - battles.Count:N0} battles have no texts, no model names or one model twice, and were left out.");
        if (Exclude.FirstOrDefault(model => !battles.Exists(battle => IsAbout(battle, model))) is { } unknown)
            throw new InputException($"--exclude names {unknown}, which is in none of the battles.");
        battles.RemoveAll(battle => Exclude.Any(model => IsAbout(battle, model)));
        return battles.Count > 0 ? battles : throw new InputException("No battle is left to rank by: battles need texts and the names of two models.");
    }

    private static bool IsAbout(Battle battle, string model) =>
        string.Equals(battle.ModelA, model, StringComparison.Ordinal) || string.Equals(battle.ModelB, model, StringComparison.Ordinal);

    /// <summary>Which battles the judge was trained on: its preferences there say nothing about new ones.</summary>
    private bool[] FindSeen(Bundle bundle, BattleSet set, List<Battle> battles)
    {
        if (bundle.ReadSeen() is not { } seen)
        {
            if (set.Files.FirstOrDefault(file => bundle.Manifest.Data.Any(trained => string.Equals(trained.Sha256, file.Sha256, StringComparison.Ordinal))) is { } same)
                throw new InputException($"The judge was trained on {same.File} itself, and {Judge} does not say on which rows: its preferences there prove nothing. Rank other battles, or train the judge again.");
            session.Warn("the bundle does not say which battles its judge was trained on. If these were among them, the combined intervals are too narrow and the check is too kind.");
            return new bool[battles.Count];
        }

        bool[] isSeen = [.. battles.Select(seen.HasBattle)];
        var (battlesSeen, promptsSeen) = (isSeen.Count(known => known), battles.Where((battle, row) => !isSeen[row] && seen.HasPrompt(battle)).Count());
        if (battlesSeen == battles.Count)
            throw new InputException("The judge was trained on all of these battles, so that its preferences on them prove nothing. Rank other battles, or train on others.");
        if (battlesSeen > 0)
            session.Warn($"the judge was trained on {battlesSeen:N0} of these {battles.Count:N0} battles. It is not asked about them; their votes count as votes.");
        if (promptsSeen > 0)
            session.Warn($"the judge was trained on other battles about the prompts of {promptsSeen:N0} battles: if that is truer of voted than of unvoted ones, the combined intervals can be too narrow.");
        return isSeen;
    }

    private Leaderboard JudgeAlone(List<Battle> battles, Preference?[] preferences)
    {
        var judged = JudgedBattles.Of(battles, preferences);
        var board = Leaderboard.OfJudge(judged, Options with { Clusters = ClustersOf(battles) });
        session.Warn("nobody voted on these battles: this is the judge's leaderboard. Its intervals say how much other battles would change it, not how far the judge is from people.");
        session.ShowNarrowed(LeaderboardTables.Leaderboard($"The judge's preferences on {judged.Count:N0} battles, {judged.Models.Count} models", board));
        (_json["votes"], _json["unvoted"]) = (0, judged.Count);
        WritePlots([RankPlots.Of(board)]);
        return board;
    }

    private Leaderboard Combine(List<Battle> all, Preference?[] allPreferences)
    {
        var judge = Leaderboard.OfJudge(JudgedBattles.Of(all, allPreferences), Options with { Clusters = ClustersOf(all) });
        var voted = all.Where(battle => battle.Verdict is not null).SelectMany(battle => new[] { battle.ModelA!, battle.ModelB! }).ToHashSet(StringComparer.Ordinal);
        int[] rows = [.. Enumerable.Range(0, all.Count).Where(row => voted.Contains(all[row].ModelA!) && voted.Contains(all[row].ModelB!))];
        if (judge.Entries.Where(entry => !voted.Contains(entry.Model)).Select(entry => entry.Model).ToList() is { Count: > 0 } without)
            session.Warn($"{string.Join(", ", without.Take(Named))}{(without.Count > Named ? $" and {without.Count - Named} more" : "")} have no votes: the judge alone ranks them.");
        List<Battle> battles = [.. rows.Select(row => all[row])];
        var (judged, clusters) = (JudgedBattles.Of(battles, [.. rows.Select(row => allPreferences[row])]), ClustersOf(battles));
        var fit = PredictionPoweredFit.Of(judged, clusters, Options.Penalty, Options.Threads);
        var board = Leaderboard.Of(fit, Options);
        var votes = judged.Votes();
        var alone = Leaderboard.Of(votes, Options with { Clusters = clusters is null ? null : Clusters.Renumber([.. judged.VotedRows.Select(row => clusters[row])]) });
        var check = JudgeCheck.Of(judged, clusters, Options.Rounds, Options.Seed, Options.Threads);

        session.ShowNarrowed(LeaderboardTables.Leaderboard($"{votes.Count:N0} votes and {fit.UnvotedUsed:N0} unvoted battles on {judged.Models.Count} models", board));
        session.Show(JudgeTables.Beside(board, alone, judge).ToTerminal());
        Say(fit, check);
        _json["votes"] = votes.Count;
        _json["unvoted"] = fit.UnvotedUsed;
        _json["lambda"] = fit.Lambda;
        _json["shift_p_value"] = double.IsNaN(fit.ShiftPValue) ? null : fit.ShiftPValue;
        _json["votes_alone"] = LeaderboardJson.Leaderboard(alone);
        _json["judge_alone"] = LeaderboardJson.Leaderboard(judge);
        _json["judge_check"] = check is null ? null : JudgeTables.ToJson(check);
        WritePlots(check is null ? [RankPlots.Of(board)] : [RankPlots.Of(board), RankPlots.Of(check)]);
        return board;
    }

    private void Say(PredictionPoweredFit fit, JudgeCheck? check)
    {
        session.Say(fit.Lambda == 0
            ? "The judge counts nothing (λ is 0): its preferences on unvoted battles do not narrow the intervals, which are those of the votes."
            : $"The judge counts {fit.Lambda:P0} (λ): together, its preferences on unvoted battles narrow the intervals as far as what it gets wrong on voted ones allows.");
        if (fit.ShiftPValue < SuspiciousShift)
            session.Warn($"on unvoted battles the judge prefers other models than on voted ones of the same pairs (p = {fit.ShiftPValue:G2}): the voted ones seem to be no random part, and then the combined intervals can be wrong.");
        if (check is null)
            return;
        session.Show(JudgeTables.Biases(check).ToTerminal());
        session.Say($"Rank correlation of the judge's leaderboard with people's: {JudgeTables.Agreement("Spearman", check.Spearman)}, {JudgeTables.Agreement("Kendall", check.Kendall)}. p is corrected for {check.Biases.Count} models.");
    }

    private void WritePlots(IReadOnlyList<(string Name, Reports.Plots.IPlot Plot)> plots)
    {
        foreach (var written in Plot is null ? [] : RankPlots.Write(Plot, plots))
            session.Say($"Wrote {written}.");
    }

    private int[]? ClustersOf(List<Battle> battles) => ClusterByPrompt ? PromptGroup.Number(battles) : null;
}
