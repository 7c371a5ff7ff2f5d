using Tiebreak.Core;

namespace Tiebreak.Data.Votes;

/// <summary>The votes of one block of a file, with names numbered within the block.</summary>
internal sealed class VoteBlock(int kept)
{
    public VoteNames Models { get; } = new();

    public VoteNames Judges { get; } = new();

    public VoteNames Languages { get; } = new();

    /// <summary>The texts of every further column that is kept.</summary>
    public VoteNames[] Kept { get; } = [.. Enumerable.Range(0, kept).Select(_ => new VoteNames())];

    /// <summary>The texts of every row in those columns, by their numbers; -1 where a row has none.</summary>
    public List<int>[] KeptRows { get; } = [.. Enumerable.Range(0, kept).Select(_ => new List<int>())];

    public List<VoteRow> Rows { get; } = [];

    public List<RowProblem> Problems { get; } = [];

    /// <summary>What made it impossible to go on behind these rows.</summary>
    public InputException? Error { get; set; }
}
