namespace Tiebreak.Data.Input;

/// <summary>What a text file holds, judged by its first bytes.</summary>
internal enum TextKind
{
    /// <summary>Comma-separated values: whatever is not JSON.</summary>
    Csv,

    /// <summary>One JSON object a line.</summary>
    Jsonl,
}
