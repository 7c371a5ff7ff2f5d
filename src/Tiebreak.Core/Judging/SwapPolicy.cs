using System.Text.Json.Serialization;

namespace Tiebreak.Core.Judging;

/// <summary>Whether a judge is asked in both orders of A and B.</summary>
public enum SwapPolicy
{
    /// <summary>One order only: half the time.</summary>
    [JsonStringEnumMemberName("never")]
    Never,

    /// <summary>Both orders, averaged; symmetric judges are still asked once.</summary>
    [JsonStringEnumMemberName("always")]
    Always,
}
