using Tiebreak.Core.Battles;
using Tiebreak.Runs.Results;

namespace Tiebreak.Runs;

/// <summary>
/// What became of a run; also the file <c>report.json</c> in its folder. <c>rows.csv</c> beside it says what each battle got.
/// </summary>
public sealed record RunReport
{
    /// <summary>The report's file name.</summary>
    public const string FileName = "report.json";

    /// <summary>The name of the file beside it: the preference of every battle, and what it was made of.</summary>
    internal const string RowsFileName = "rows.csv";

    /// <summary>Battles.</summary>
    public required int Rows { get; init; }

    /// <summary>False if time ran out before everything was judged; resuming goes on.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>Battles whose preference is the mean of both orders.</summary>
    public required int BothOrders { get; init; }

    /// <summary>Battles that were judged in one order.</summary>
    public required int OneOrder { get; init; }

    /// <summary>Battles with the preference of the fallback judge.</summary>
    public required int Fallback { get; init; }

    /// <summary>Battles with the class shares.</summary>
    public required int ClassShares { get; init; }

    /// <summary>Battles that broke the judge.</summary>
    public required IReadOnlyList<FailedRow> Failed { get; init; }

    /// <summary>What the second order changed, where labels tell.</summary>
    public required SwapGain? SwapGain { get; init; }

    /// <summary>The mean of all preferences.</summary>
    public required Preference MeanPreference { get; init; }

    /// <summary>What became of every battle, in the order of the rows; not in the file.</summary>
    internal IReadOnlyList<JudgedRow> Judged { get; init; } = [];

    /// <summary>
    /// Time until the first valid submission lay there, in seconds, from the call on; for a resumed run of this resumption.
    /// </summary>
    public required double FirstSubmissionSeconds { get; init; }

    /// <summary>Time of this call, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Time that judges worked on finished shards, over all workers and resumptions, in seconds.</summary>
    public required double JudgeSeconds { get; init; }

    /// <summary>Result files that were found damaged and were done again.</summary>
    public required int Damaged { get; init; }
}
