using System.Text.Json.Serialization;

namespace Tiebreak.Runs.Planning;

/// <summary>What is asked of which judge. Every pass is cut into shards of its own.</summary>
public enum RunPass
{
    /// <summary>The fast judge that stands in for the other one, where the run has one.</summary>
    [JsonStringEnumMemberName("fallback")]
    Fallback,

    /// <summary>The judge, with A and B as they stand in the data.</summary>
    [JsonStringEnumMemberName("first")]
    First,

    /// <summary>The judge, with A and B exchanged.</summary>
    [JsonStringEnumMemberName("second")]
    Second,
}
