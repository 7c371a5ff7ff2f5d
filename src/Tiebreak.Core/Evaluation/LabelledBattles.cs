using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Evaluation;

/// <summary>Battles with labels, with what every metric needs of them worked out once: targets and prompt groups.</summary>
public sealed class LabelledBattles
{
    /// <summary>Takes battles that all have a label.</summary>
    /// <exception cref="InputException">There are none, or one has no label.</exception>
    public LabelledBattles(IReadOnlyList<Battle> battles)
    {
        if (battles.Count == 0)
            throw new InputException("There is no labelled battle to score. Give a file that has winner columns and at least one good row.");

        Battles = battles;
        Targets = [.. battles.Select(battle => battle.Target ??
            throw new InputException($"Battle {battle.Id} has no label, so nothing can be compared with it. Give a file that has winner columns."))];
    }

    /// <summary>The battles.</summary>
    public IReadOnlyList<Battle> Battles { get; }

    /// <summary>What people said, battle by battle.</summary>
    public IReadOnlyList<Preference> Targets { get; }

    /// <summary>The prompt group of each battle, numbered from 0; worked out when first asked for.</summary>
    public IReadOnlyList<int> Groups => field ??= PromptGroup.Number(Battles);

    /// <summary>How many battles there are.</summary>
    public int Count => Battles.Count;

    /// <summary>Some of the battles, in the order given.</summary>
    public LabelledBattles Only(IReadOnlyList<int> rows) => new([.. rows.Select(i => Battles[i])]);
}
