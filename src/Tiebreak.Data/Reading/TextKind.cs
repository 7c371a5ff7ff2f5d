namespace Tiebreak.Data.Reading;

/// <summary>What a file holds, judged by its first bytes.</summary>
internal enum TextKind
{
    /// <summary>Comma-separated values: whatever is not JSON.</summary>
    Csv,

    /// <summary>One JSON object a line.</summary>
    Jsonl,

    /// <summary>One JSON list of objects.</summary>
    JsonList,

    /// <summary>Apache Parquet, which is no text.</summary>
    Parquet,
}
