using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Reading;

/// <summary>
/// Collects what a row holds and what is wrong with it, and decides what becomes of it. Used again for every row of a block.
/// </summary>
/// <param name="path">The file, for problems.</param>
/// <param name="purpose">Whether a bad row is kept out or kept.</param>
/// <param name="hasLines">False where rows are counted instead of lines.</param>
internal sealed class RowBuilder(string path, BattlePurpose purpose, bool hasLines = true)
{
    private readonly List<string> _reasons = [];

    /// <summary>The prompts, one per turn.</summary>
    public List<string?> Prompts { get; } = [];

    /// <summary>The responses of A, one per turn.</summary>
    public List<string?> ResponsesA { get; } = [];

    /// <summary>The responses of B, one per turn.</summary>
    public List<string?> ResponsesB { get; } = [];

    public BattlePurpose Purpose => purpose;

    /// <summary>True if something is wrong with the row.</summary>
    public bool HasProblem => _reasons.Count > 0;

    /// <summary>Forgets the last row.</summary>
    public void Clear()
    {
        _reasons.Clear();
        Prompts.Clear();
        ResponsesA.Clear();
        ResponsesB.Clear();
    }

    /// <summary>Notes what is wrong with the row, continuing "the row ...".</summary>
    public void Report(string reason) => _reasons.Add(reason);

    /// <summary>The turns in the three lists; where those differ in length, what is missing is null and the row has a problem.</summary>
    public Turn[] Zip()
    {
        var count = Math.Max(Prompts.Count, Math.Max(ResponsesA.Count, ResponsesB.Count));
        if (Prompts.Count != count || ResponsesA.Count != count || ResponsesB.Count != count)
        {
            ReportIfFirst($"has {Prompts.Count} prompts, {ResponsesA.Count} responses of A and {ResponsesB.Count} of B " +
                "(every turn needs one of each, null where missing)");
        }

        var turns = new Turn[count];
        for (var i = 0; i < turns.Length; i++)
            turns[i] = new Turn(Prompts.ElementAtOrDefault(i), ResponsesA.ElementAtOrDefault(i), ResponsesB.ElementAtOrDefault(i));
        return turns;
    }

    /// <summary>Makes a row of what was read.</summary>
    public BattleRow Finish(long line, Battle battle)
    {
        if (battle.Turns.Count == 0)
            ReportIfFirst("has no turn");
        if (battle.Id.Length == 0)
            Report("has no id");
        if (purpose == BattlePurpose.Train && battle.Target is null)
            ReportIfFirst("has no label, which training needs");
        if (_reasons.Count == 0)
            return new BattleRow(line, battle, Problem: null) { HasLines = hasLines };

        var isKept = purpose != BattlePurpose.Train && battle.Id.Length > 0;
        var problem = new RowProblem(path, line, battle.Id.Length > 0 ? battle.Id : null, string.Join(" and ", _reasons))
        {
            HasLines = hasLines,
        };
        return new BattleRow(line, isKept ? battle : null, problem) { HasLines = hasLines };
    }

    /// <summary>Makes a row of what is wrong, where no battle could be read at all.</summary>
    public BattleRow Reject(long line) =>
        new(line, Battle: null, new RowProblem(path, line, Id: null, string.Join(" and ", _reasons)) { HasLines = hasLines })
        {
            HasLines = hasLines,
        };

    // What may only follow from an earlier fault would be noise beside it.
    private void ReportIfFirst(string reason)
    {
        if (_reasons.Count == 0)
            _reasons.Add(reason);
    }
}
