using Tiebreak.App;
using Tiebreak.Data;

namespace Tiebreak.Cli.Verbs;

/// <summary>Reads battle files for verbs that are no use case of the application, as these do.</summary>
internal static class BattleLoading
{
    public static Task<BattleSet> LoadAsync(
        Session session, IReadOnlyList<string> paths, BattlePurpose purpose, CancellationToken cancellationToken) =>
        session.RunAsync(context => BattleFiles.LoadAsync(context, paths, purpose, cancellationToken));
}
