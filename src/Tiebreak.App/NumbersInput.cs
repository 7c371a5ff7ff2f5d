using Tiebreak.Core;
using Tiebreak.Core.Bundles;
using Tiebreak.Data;
using Tiebreak.Data.Reading;

namespace Tiebreak.App;

/// <summary>Gives battles the numbers of a file by id, for judges that learn from numbers beside the texts.</summary>
internal static class NumbersInput
{
    /// <summary>For a training.</summary>
    /// <param name="context">Whom to tell what was left out.</param>
    /// <param name="set">The battles.</param>
    /// <param name="path">The file; null for none.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="InputException">The file cannot be used.</exception>
    public static BattleSet Learn(JobContext context, BattleSet set, string? path, CancellationToken cancellationToken) =>
        path is null ? set : set.With(BattleNumberJoin.Learn(set.Battles, path, context.Warn, cancellationToken));

    /// <summary>For a judge.</summary>
    /// <param name="context">Whom to tell what is missing.</param>
    /// <param name="bundle">The judge, which says what numbers it needs.</param>
    /// <param name="set">The battles.</param>
    /// <param name="path">The file; null for none.</param>
    /// <param name="mayLack">True if battles without a row are judged all the same, with average numbers.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="InputException">The judge needs numbers that are not there, or none.</exception>
    public static BattleSet Supply(
        JobContext context, Bundle bundle, BattleSet set, string? path, bool mayLack, CancellationToken cancellationToken)
    {
        var needed = bundle.OneOrder.Traits.Numbers;
        if (path is null)
        {
            return needed.Count == 0 || set.Battles.All(battle => battle.Numbers is not null)
                ? set
                : throw Wrong(
                    $"The judge needs numbers of every battle beside the texts: {string.Join(", ", needed)}. Give `numbers` FILE.");
        }

        return needed.Count > 0
            ? set.With(BattleNumberJoin.Supply(set.Battles, path, needed, mayLack, context.Warn, cancellationToken))
            : throw Wrong("The judge was trained without numbers and would not look at them. Leave out `numbers`.");
    }

    private static InputException Wrong(string message) => new(message) { Parameters = ["numbers"] };
}
