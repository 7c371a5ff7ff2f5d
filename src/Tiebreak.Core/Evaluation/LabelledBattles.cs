using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Evaluation;

/// <summary>Battles with labels, with what every metric needs of them worked out once: targets and prompt groups.</summary>
public sealed class LabelledBattles
{
    private readonly Func<IEnumerable<int>>? _groupsOfWhole; // null where this is no part

    /// <summary>Takes battles that all have a label.</summary>
    /// <exception cref="InputException">There are none, or one has no label.</exception>
    public LabelledBattles(IReadOnlyList<Battle> battles)
    {
        Battles = NotEmpty(battles);
        Targets = [.. battles.Select(battle => battle.Target ??
            throw new InputException(
                $"Battle {battle.Id} has no label, so nothing can be compared with it. Give a file that has winner columns."))];
    }

    private LabelledBattles(LabelledBattles battles, IReadOnlyList<IReadOnlyList<Preference?>> teachers)
    {
        (Battles, Targets, Weights, Teachers) = (battles.Battles, battles.Targets, battles.Weights, teachers);
        _groupsOfWhole = () => battles.Groups;
    }

    // What is known about the whole is not worked out again for a part of it.
    private LabelledBattles(LabelledBattles whole, IReadOnlyList<int> rows)
    {
        Battles = NotEmpty([.. rows.Select(i => whole.Battles[i])]);
        Targets = [.. rows.Select(i => whole.Targets[i])];
        Weights = [.. rows.Select(i => whole.Weights[i])];
        Teachers = [.. whole.Teachers.Select(teacher => (Preference?[])[.. rows.Select(i => teacher[i])])];
        _groupsOfWhole = () => rows.Select(i => whole.Groups[i]);
    }

    /// <summary>The battles.</summary>
    public IReadOnlyList<Battle> Battles { get; }

    /// <summary>What people said, battle by battle.</summary>
    public IReadOnlyList<Preference> Targets { get; }

    /// <summary>
    /// How much each battle counts for judges and calibrations that learn from it, above 0. Default: all 1. Metrics count all the same.
    /// </summary>
    public IReadOnlyList<double> Weights { get => field ??= [.. Enumerable.Repeat(1.0, Battles.Count)]; init; }

    /// <summary>
    /// What other judges said about the battles, for a judge that learns from them too: for each teacher a preference battle by battle,
    /// null where it has none. Default: there is no teacher.
    /// </summary>
    internal IReadOnlyList<IReadOnlyList<Preference?>> Teachers { get; private init; } = [];

    /// <summary>The prompt group of each battle, numbered from 0; worked out when first asked for.</summary>
    public IReadOnlyList<int> Groups =>
        field ??= _groupsOfWhole is null ? PromptGroup.Number(Battles) : PromptGroup.Renumber(_groupsOfWhole());

    /// <summary>How many battles there are.</summary>
    public int Count => Battles.Count;

    /// <summary>Some of the battles, in the order given.</summary>
    public LabelledBattles Only(IReadOnlyList<int> rows) => new(this, rows);

    /// <summary>The same battles with what other judges said about them.</summary>
    /// <param name="teachers">For each judge a preference battle by battle, null where it has none.</param>
    internal LabelledBattles WithTeachers(IReadOnlyList<IReadOnlyList<Preference?>> teachers) => new(this, teachers);

    private static IReadOnlyList<Battle> NotEmpty(IReadOnlyList<Battle> battles) => battles.Count > 0
        ? battles
        : throw new InputException("There is no labelled battle to score. Give a file that has winner columns and at least one good row.");
}
