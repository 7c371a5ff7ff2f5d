using Tiebreak.Core;

namespace Tiebreak.Data.Votes;

/// <summary>The votes of one block of a file, with names numbered within the block.</summary>
internal sealed class VoteBlock
{
    public VoteNames Models { get; } = new();

    public VoteNames Judges { get; } = new();

    public VoteNames Languages { get; } = new();

    public List<VoteRow> Rows { get; } = [];

    public List<RowProblem> Problems { get; } = [];

    /// <summary>What made it impossible to go on behind these rows.</summary>
    public InputException? Error { get; set; }
}
