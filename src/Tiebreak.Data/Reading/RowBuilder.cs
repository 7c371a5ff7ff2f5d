using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Reading;

/// <summary>
/// Collects what a row holds and what is wrong with it, and decides what becomes of it. Used again for every row of a block.
/// </summary>
/// <param name="file">The file, for problems, and whether a bad row is kept out or kept.</param>
/// <param name="hasLines">False where rows are counted instead of lines.</param>
internal sealed class RowBuilder(FileReading file, bool hasLines = true)
{
    /// <summary>What is said of a row in another encoding, or with damaged characters.</summary>
    public const string NotUtf8 = "is not valid UTF-8";

    /// <summary>What is said of a row without a label.</summary>
    public const string NoLabel = "has no label, which training needs";

    private readonly List<string> _reasons = [];
    private string? _unknownWinner;
    private string? _timeText;

    /// <summary>The prompts, one per turn.</summary>
    public List<string?> Prompts { get; } = [];

    /// <summary>The responses of A, one per turn.</summary>
    public List<string?> ResponsesA { get; } = [];

    /// <summary>The responses of B, one per turn.</summary>
    public List<string?> ResponsesB { get; } = [];

    public FileReading File => file;

    public BattlePurpose Purpose => file.Purpose;

    /// <summary>True if something is wrong with the row.</summary>
    public bool HasProblem => _reasons.Count > 0;

    /// <summary>Forgets the last row.</summary>
    public void Clear()
    {
        _reasons.Clear();
        _unknownWinner = null;
        _timeText = null;
        Prompts.Clear();
        ResponsesA.Clear();
        ResponsesB.Clear();
    }

    /// <summary>Notes what is wrong with the row, continuing "the row ...".</summary>
    public void Report(string reason) => _reasons.Add(reason);

    /// <summary>Notes that the row lacks a value; where the user has given the path to it, that the path leads nowhere.</summary>
    public void ReportMissing(string name) => Report(file.Columns.PathTo(name) is { } path
        ? $"has nothing at \"{path}\", which was given for {name}"
        : $"has no \"{name}\"");

    /// <summary>Notes that the winner of the row is no known word.</summary>
    public void ReportWinner(string word)
    {
        _unknownWinner ??= word;
        Report(VerdictText.Unknown(word));
    }

    /// <summary>Notes a time that cannot be read by itself; the row is as good without it.</summary>
    public void ReportTime(string text) => _timeText = text;

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
        {
            // What keeps the id from being read may have been said already.
            if (!_reasons.Exists(reason => reason.Contains("\"id\"", StringComparison.Ordinal)
                || reason.StartsWith("is not valid JSON", StringComparison.Ordinal)))
            {
                Report("has no id");
            }
        }

        if (battle.Turns.Any(turn => IsNoValue(turn.Prompt) || IsNoValue(turn.ResponseA) || IsNoValue(turn.ResponseB)))
        {
            file.Note("no values", "some texts are nan, None or null and nothing more, and were read as these words. Where a text is "
                + "missing, leave its cell empty (JSON: null).");
        }

        if (Purpose == BattlePurpose.Train && battle.Target is null)
            ReportIfFirst(NoLabel);
        if (_reasons.Count == 0)
            return new BattleRow(line, battle, Problem: null) { HasLines = hasLines, TimeText = _timeText };

        var isKept = Purpose != BattlePurpose.Train && battle.Id.Length > 0;
        var problem = new RowProblem(file.Path, line, battle.Id.Length > 0 ? battle.Id : null, string.Join(" and ", _reasons))
        {
            HasLines = hasLines,
            UnknownWinner = _unknownWinner,
        };
        return new BattleRow(line, isKept ? battle : null, problem) { HasLines = hasLines, TimeText = _timeText };
    }

    /// <summary>Whether a text is what data frames print for a value that is not there.</summary>
    private static bool IsNoValue(string? text) => text is "nan" or "NaN" or "None" or "null" or "<NA>";

    /// <summary>Makes a row of what is wrong, where no battle could be read at all.</summary>
    public BattleRow Reject(long line) =>
        new(line, Battle: null, new RowProblem(file.Path, line, Id: null, string.Join(" and ", _reasons)) { HasLines = hasLines })
        {
            HasLines = hasLines,
        };

    /// <summary>Notes what may only follow from an earlier fault of the row, and would be noise beside one.</summary>
    public void ReportIfFirst(string reason)
    {
        if (_reasons.Count == 0)
            _reasons.Add(reason);
    }
}
