using Tiebreak.Cli.Output;
using Tiebreak.Core.Judging;
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
                new BattleReadOptions { Purpose = purpose, Threads = session.Threads, Progress = new ReadStage(progress, paths) },
                cancellationToken),
            cancellationToken));
        ProblemList.Warn(session, set, purpose);
        return session.States is { } states ? set.WithStates(states, cancellationToken) : set;
    }

    private sealed class ReadStage(IProgress<JobProgress> progress, IReadOnlyList<string> paths) : IProgress<ReadProgress>
    {
        private readonly string _stage = paths.Count == 1 ? $"reading {Path.GetFileName(paths[0])}" : "reading battles";

        public void Report(ReadProgress value) => progress.Report(new JobProgress(_stage, value.BytesRead, value.BytesTotal));
    }
}
