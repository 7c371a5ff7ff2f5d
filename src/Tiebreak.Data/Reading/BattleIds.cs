using System.Runtime.InteropServices;
using Tiebreak.Core;

namespace Tiebreak.Data.Reading;

/// <summary>Watches over ids: each once in a set of files.</summary>
internal sealed class BattleIds(BattlePurpose purpose)
{
    private readonly Dictionary<string, (string File, BattleRow Row)> _seen = new(StringComparer.Ordinal);

    /// <summary>Takes the id of a row.</summary>
    /// <returns>A problem where a row has an id that an earlier one has.</returns>
    /// <exception cref="InputException">A test row has no id, or one that an earlier row has.</exception>
    public RowProblem? Add(string path, BattleRow row)
    {
        if (row.Battle is null)
        {
            // A row with an id and no battle is none by itself, such as a conversation without a partner.
            return purpose != BattlePurpose.Test || row.Problem?.Id is not null
                ? null
                : throw new InputException($"{row.Problem} No prediction can be made for it: give every row of the test data an id.");
        }

        ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(_seen, row.Battle.Id, out var exists);
        if (!exists)
        {
            first = (path, row with { Battle = null });
            return null;
        }

        var place = string.Equals(first.File, path, StringComparison.Ordinal) ? first.Row.Place : $"{first.File}, {first.Row.Place}";
        return purpose != BattlePurpose.Test
            ? new RowProblem(path, row.Line, row.Battle.Id, $"has the id of {place}")
            {
                HasLines = row.HasLines,
                LosesRow = purpose == BattlePurpose.Train,
            }
            : throw new InputException($"{path}, {row.Place}: the id {row.Battle.Id} stands already on {place}. "
                + "Every row of the test data needs an id of its own.");
    }
}
