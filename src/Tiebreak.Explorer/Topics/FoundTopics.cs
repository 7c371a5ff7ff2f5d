using Tiebreak.App;
using Tiebreak.App.Topics;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Data.Topics;
using Tiebreak.Explorer.Index;

namespace Tiebreak.Explorer.Topics;

/// <summary>What people asked about in the battles of an index, told by the words of their opening prompts.</summary>
internal static class FoundTopics
{
    private const int MostBattles = 50_000;

    /// <summary>Finds topics, and puts the topic of each battle into the index.</summary>
    /// <param name="index">The battles; of many, those at equal distances are looked at.</param>
    /// <param name="context">Seed, threads, and who is told what.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="InputException">No battle has a prompt.</exception>
    public static async Task<TopicsDocument> FindAsync(BattleIndex index, JobContext context, CancellationToken cancellationToken)
    {
        var (numbers, read, total) = index.Sample(BattleFilter.Everything, MostBattles);
        if (total > numbers.Count)
            context.OnWarning(Invariant($"Topics are those of {numbers.Count:N0} battles, taken at equal distances from {total:N0}."));
        var battles = new List<Battle>(numbers.Count);
        foreach (var battle in read)
        {
            cancellationToken.ThrowIfCancellationRequested();
            battles.Add(battle with { Turns = [.. battle.Turns.Take(1).Select(turn => new Turn(turn.Prompt, null, null))] });
            if (battles.Count % BattleTexts.BlockBattles == 0)
                context.Progress?.Report(new JobProgress("reading prompts", battles.Count, numbers.Count));
        }

        context.Progress?.Report(new JobProgress("finding topics", 0, 0));
        var report = await PromptTopics.FindAsync(battles, embedder: null, count: null, context.Seed, context.Threads, cancellationToken)
            .ConfigureAwait(false);
        if (report.Topics.Count == 0)
            throw new InputException("No battle has a prompt, so there are no topics.");
        index.Topics.Set(numbers.Zip(report.Battles, (number, place) => (number, place?.Topic)));
        return new TopicsDocument(battles, report, path: null);
    }
}
