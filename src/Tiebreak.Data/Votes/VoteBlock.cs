using Tiebreak.Core;
using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Votes;

/// <summary>The votes of one block of a file, with names numbered within the block.</summary>
/// <param name="kept">How many further columns are kept.</param>
/// <param name="rows">About how many rows there will be.</param>
internal sealed class VoteBlock(int kept, int rows)
{
    public VoteNames Models { get; } = new();

    public VoteNames Judges { get; } = new();

    public VoteNames Languages { get; } = new();

    /// <summary>Times that cannot be read without the rest of their column.</summary>
    public VoteNames TimeTexts { get; } = new();

    /// <summary>The rows that have such a time, and its number.</summary>
    public List<(int Row, int Text)> UnreadTimes { get; } = [];

    /// <summary>The texts of every further column that is kept.</summary>
    public VoteNames[] Kept { get; } = [.. Enumerable.Range(0, kept).Select(_ => new VoteNames())];

    /// <summary>The texts of every row in those columns, by their numbers; -1 where a row has none.</summary>
    public List<int>[] KeptRows { get; } = [.. Enumerable.Range(0, kept).Select(_ => new List<int>())];

    public List<VoteRow> Rows { get; } = new(rows);

    /// <summary>Who voted, as a number.</summary>
    public OptionalColumn<int> RowJudges { get; } = new(-1, rows);

    /// <summary>The language of the conversation, as a number.</summary>
    public OptionalColumn<int> RowLanguages { get; } = new(-1, rows);

    public OptionalColumn<int> Turns { get; } = new(0, rows);

    public OptionalColumn<double> Weights { get; } = new(1, rows);

    /// <summary>When each vote was cast, in ticks of UTC: half the room of a time with its offset.</summary>
    public OptionalColumn<long> Times { get; } = new(DateTimeOffset.MinValue.UtcTicks, rows);

    public List<RowProblem> Problems { get; } = [];

    /// <summary>What made it impossible to go on behind these rows.</summary>
    public InputException? Error { get; set; }
}

/// <summary>What every vote has, with names as numbers.</summary>
internal readonly record struct VoteRow(int ModelA, int ModelB, Verdict Verdict);
