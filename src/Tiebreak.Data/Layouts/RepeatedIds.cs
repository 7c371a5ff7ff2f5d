using System.Runtime.InteropServices;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// Numbers equal rows of a file without ids of its own: the second row with the id <c>x</c> becomes <c>x-2</c>. Holds every id in memory.
/// </summary>
internal sealed class RepeatedIds
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    public BattleRow Number(BattleRow row)
    {
        if (row.Battle is not { Id.Length: > 0 } battle)
            return row;

        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, battle.Id, out _);
        count++;
        return count == 1 ? row : row with { Battle = battle with { Id = $"{battle.Id}-{count}" } };
    }
}
