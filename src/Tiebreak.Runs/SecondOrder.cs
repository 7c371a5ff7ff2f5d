using System.Text.Json.Serialization;

namespace Tiebreak.Runs;

/// <summary>Which battles of a run are judged once more with A and B exchanged.</summary>
public enum SecondOrder
{
    /// <summary>None: the judge is symmetric, or one order was asked for.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>All of them.</summary>
    [JsonStringEnumMemberName("all")]
    All,

    /// <summary>The least certain ones first, as many as the time allows; they are chosen when the first order is finished.</summary>
    [JsonStringEnumMemberName("uncertain")]
    Uncertain,
}
