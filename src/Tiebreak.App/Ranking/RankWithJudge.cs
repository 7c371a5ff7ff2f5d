using Tiebreak.App.Evaluating;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Data;
using Tiebreak.Ratings.Judged;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.App.Ranking;

/// <summary>Combines votes with a judge's preferences on battles that nobody voted on, and checks the judge against people.</summary>
public sealed record RankWithJudge
{
    private const double SuspiciousShift = 0.01;

    /// <summary>Folder of the judge's bundle.</summary>
    public required string Judge { get; init; }

    /// <summary>Files of battles, with votes or without.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>How to rate: by Bradley-Terry with sandwich intervals. Clusters, seed and threads are set here.</summary>
    public LeaderboardOptions Options { get; init; } = new();

    /// <summary>Models to leave out.</summary>
    public IReadOnlyCollection<string> Exclude { get; init; } = [];

    /// <summary>True if battles about one prompt depend on each other.</summary>
    public bool ClusterByPrompt { get; init; }

    /// <summary>How well every rating is to be known: plans the votes that are missing. Null not to.</summary>
    public RatingTarget? Target { get; init; }

    /// <summary>Reads, asks the judge and rates.</summary>
    /// <exception cref="InputException">The bundle or the battles cannot be used, or the judge was trained on all of them.</exception>
    public async Task<JudgedLeaderboardDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        Target?.ThrowIfImpossible();
        var bundle = await context.OpenAsync(Judge, cancellationToken).ConfigureAwait(false);
        await using var closing = bundle.ConfigureAwait(false);
        context = context.ReadingFor(bundle);
        var set = await BattleFiles.LoadAsync(context, Files, BattlePurpose.Explore, cancellationToken).ConfigureAwait(false);
        var battles = Usable(context, set.Battles);
        var isSeen = FindSeen(context, bundle, set, battles);
        var preferences = new Preference?[battles.Count];
        int[] asked = [.. Enumerable.Range(0, battles.Count).Where(row => !isSeen[row])];
        var answers = await Judging.RunAsync(context, bundle.Judge, [.. asked.Select(row => battles[row])], cancellationToken)
            .ConfigureAwait(false);
        for (var i = 0; i < asked.Length; i++)
            preferences[asked[i]] = answers[i];

        var ranking = battles.Exists(battle => battle.Target is not null)
            ? Combine(context, battles, preferences)
            : JudgeAlone(context, battles, preferences);
        return new JudgedLeaderboardDocument(ranking, isSeen.Count(known => known), set.Problems)
        {
            ToCollect = Target is null ? null : Plan(context, ranking, Target),
        };
    }

    private VotesToCollect Plan(JobContext context, JudgedRanking ranking, RatingTarget target) => ranking.Combined is { } combined
        ? VotesToCollect.Of(combined.VotesAlone, ranking.Board, combined.Fit, With(context, clusters: null), target)
        : throw new InputException("Nobody voted on these battles; `target-width` plans further votes from those that are there.")
        {
            Parameters = ["target-width"],
        };

    private List<Battle> Usable(JobContext context, IReadOnlyList<Battle> all)
    {
        var battles = all.Where(battle => battle is { ModelA.Length: > 0, ModelB.Length: > 0, Turns.Count: > 0 }
            && !string.Equals(battle.ModelA, battle.ModelB, StringComparison.Ordinal)).ToList();
        if (battles.Count < all.Count)
        {
            context.Warn(Invariant($"{all.Count - battles.Count:N0} battles have no texts, no model names or one model twice, ") +
                "and were left out.");
        }

        if (Exclude.FirstOrDefault(model => !battles.Exists(battle => IsAbout(battle, model))) is { } unknown)
            throw new InputException($"{unknown} cannot be excluded: it is in none of the battles.");
        battles.RemoveAll(battle => Exclude.Any(model => IsAbout(battle, model)));
        return battles.Count > 0
            ? battles
            : throw new InputException("No battle is left to rank by: battles need texts and the names of two models.");
    }

    private static bool IsAbout(Battle battle, string model) =>
        string.Equals(battle.ModelA, model, StringComparison.Ordinal) || string.Equals(battle.ModelB, model, StringComparison.Ordinal);

    /// <summary>Which battles the judge was trained on: its preferences there say nothing about new ones.</summary>
    private bool[] FindSeen(JobContext context, Bundle bundle, BattleSet set, List<Battle> battles)
    {
        if (bundle.ReadSeen() is not { } seen)
        {
            if (set.Files.FirstOrDefault(file => SeenShare.IsTrainedOn(bundle, file)) is { } same)
            {
                throw new InputException($"The judge was trained on {same.File} itself, and {Judge} does not say on which rows: " +
                    "its preferences there prove nothing. Rank other battles, or train the judge again.");
            }

            context.Warn("the bundle does not say which battles its judge was trained on. If these were among them, the combined " +
                "intervals are too narrow and the check is too kind.");
            return new bool[battles.Count];
        }

        bool[] isSeen = [.. battles.Select(seen.HasBattle)];
        var battlesSeen = isSeen.Count(known => known);
        var promptsSeen = battles.Where((battle, row) => !isSeen[row] && seen.HasPrompt(battle)).Count();
        if (battlesSeen == battles.Count)
        {
            throw new InputException("The judge was trained on all of these battles, so that its preferences on them prove nothing. " +
                "Rank other battles, or train on others.");
        }

        if (battlesSeen > 0)
        {
            context.Warn(
                Invariant($"the judge was trained on {battlesSeen:N0} of these {battles.Count:N0} battles. It is not asked about ") +
                    "them; their votes count as votes.");
        }

        if (promptsSeen > 0)
        {
            context.Warn(Invariant($"the judge was trained on other battles about the prompts of {promptsSeen:N0} battles: ") +
                "if that is truer of voted than of unvoted ones, the combined intervals can be too narrow.");
        }

        return isSeen;
    }

    private JudgedRanking JudgeAlone(JobContext context, List<Battle> battles, Preference?[] preferences)
    {
        context.Warn(
            "nobody voted on these battles: this is the judge's leaderboard. Its intervals say how much other battles would change " +
                "it, not how far the judge is from people.");
        var judged = JudgedBattles.Of(battles, preferences);
        return new JudgedRanking(Leaderboard.OfJudge(judged, With(context, ClustersOf(battles))), Votes: 0, judged.Count);
    }

    private JudgedRanking Combine(JobContext context, List<Battle> all, Preference?[] allPreferences)
    {
        var judge = Leaderboard.OfJudge(JudgedBattles.Of(all, allPreferences), With(context, ClustersOf(all)));
        var voted = all.Where(battle => battle.Target is not null)
            .SelectMany(battle => new[] { battle.ModelA!, battle.ModelB! }).ToHashSet(StringComparer.Ordinal);
        WarnOfUnvoted(context, [.. judge.Entries.Where(entry => !voted.Contains(entry.Model)).Select(entry => entry.Model)]);

        int[] rows = [.. Enumerable.Range(0, all.Count).Where(row => voted.Contains(all[row].ModelA!) && voted.Contains(all[row].ModelB!))];
        List<Battle> battles = [.. rows.Select(row => all[row])];
        var (judged, clusters) = (JudgedBattles.Of(battles, [.. rows.Select(row => allPreferences[row])]), ClustersOf(battles));
        var fit = PredictionPoweredFit.Of(judged, clusters, Options.Penalty, context.Threads);
        var votes = judged.Votes();
        var clustersOfVotes = clusters is null ? null : Clusters.Renumber([.. judged.VotedRows.Select(row => clusters[row])]);
        if (fit.ShiftPValue < SuspiciousShift)
        {
            context.Warn("on unvoted battles the judge prefers other models than on voted ones of the same pairs " +
                Invariant($"(p = {fit.ShiftPValue:G2}): the voted ones seem to be no random part, ") +
                "and then the combined intervals can be wrong.");
        }

        return new JudgedRanking(Leaderboard.Of(fit, With(context, clusters: null)), votes.Count, fit.UnvotedUsed)
        {
            Combined = new CombinedRanking(
                fit, Leaderboard.Of(votes, With(context, clustersOfVotes)), judge,
                JudgeCheck.Of(judged, clusters, Options.Rounds, context.Seed, context.Threads)),
        };
    }

    private static void WarnOfUnvoted(JobContext context, List<string> models)
    {
        if (models.Count == 0)
            return;
        context.Warn(ModelNames.FirstOf(models)
            + (models.Count == 1 ? " has no votes: the judge alone ranks it." : " have no votes: the judge alone ranks them."));
    }

    private LeaderboardOptions With(JobContext context, int[]? clusters) =>
        Options with { Clusters = clusters, Seed = context.Seed, Threads = context.Threads };

    private int[]? ClustersOf(List<Battle> battles) => ClusterByPrompt ? PromptGroup.Number(battles) : null;
}

/// <summary>A leaderboard in which a judge has a say.</summary>
/// <param name="Board">The leaderboard.</param>
/// <param name="Votes">Votes behind it.</param>
/// <param name="Unvoted">Battles behind it that only the judge has judged.</param>
internal sealed record JudgedRanking(Leaderboard Board, int Votes, int Unvoted)
{
    /// <summary>Votes and judge apart; null where nobody voted.</summary>
    public CombinedRanking? Combined { get; init; }
}

/// <summary>What a combined leaderboard is made of.</summary>
/// <param name="Fit">The combination.</param>
/// <param name="VotesAlone">The leaderboard of the votes.</param>
/// <param name="JudgeAlone">The leaderboard of the judge.</param>
/// <param name="Check">The judge against people; null where too few battles were judged by both.</param>
internal sealed record CombinedRanking(PredictionPoweredFit Fit, Leaderboard VotesAlone, Leaderboard JudgeAlone, JudgeCheck? Check);
