using Tiebreak.Cli.Output;
using Tiebreak.Data;

namespace Tiebreak.Cli.Verbs;

/// <summary>Reading battle files the way every verb does: with progress, and with the problems of rows said aloud.</summary>
internal static class BattleLoading
{
    public static async Task<BattleSet> LoadAsync(
        Session session, IReadOnlyList<string> paths, BattlePurpose purpose, CancellationToken cancellationToken)
    {
        var set = await ProgressDisplay.RunAsync(session, progress => Task.Run(
            () => BattleSet.Load(
                paths,
                new BattleReadOptions { Purpose = purpose, Threads = session.Threads, Progress = progress },
                cancellationToken),
            cancellationToken));
        ProblemList.Warn(session, set, purpose);
        return session.States is { } states ? set.WithStates(states, cancellationToken) : set;
    }
}
