using Tiebreak.App;
using Tiebreak.Core.Battles;
using Tiebreak.Data;

namespace Tiebreak.Cli.Verbs;

/// <summary>Reads battle files for verbs that are no use case of the application, as these do.</summary>
internal static class BattleLoading
{
    /// <summary>Reads files.</summary>
    /// <param name="session">The command line.</param>
    /// <param name="paths">One file or more.</param>
    /// <param name="purpose">What the battles are for.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <param name="mapping">What the files call things unless the command line says otherwise; null for the usual names.</param>
    public static Task<BattleSet> LoadAsync(
        Session session, IReadOnlyList<string> paths, BattlePurpose purpose, CancellationToken cancellationToken,
        BattleMapping? mapping = null) =>
        session.RunAsync(context => BattleFiles.LoadAsync(
            context with { Reading = context.Reading with { Mapping = context.Reading.Mapping ?? mapping } },
            paths, purpose, cancellationToken));
}
