using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;

namespace Tiebreak.App;

/// <summary>Asks judges, with progress.</summary>
internal static class Judging
{
    public static Task<Preference[]> RunAsync(
        JobContext context, IJudge judge, IReadOnlyList<Battle> battles, CancellationToken cancellationToken) =>
        judge.JudgeAsync(battles, new StageProgress(context.Progress, "judging", battles.Count), cancellationToken);
}
