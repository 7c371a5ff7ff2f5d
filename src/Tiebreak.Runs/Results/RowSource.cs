using System.Text.Json.Serialization;

namespace Tiebreak.Runs.Results;

/// <summary>What a row's preference was made of.</summary>
internal enum RowSource
{
    /// <summary>The class shares of the judge's training data.</summary>
    [JsonStringEnumMemberName("class shares")]
    ClassShares,

    /// <summary>The fast judge that stands in for the other one.</summary>
    [JsonStringEnumMemberName("fallback")]
    Fallback,

    /// <summary>The judge in one order of A and B.</summary>
    [JsonStringEnumMemberName("one order")]
    OneOrder,

    /// <summary>The mean of both orders.</summary>
    [JsonStringEnumMemberName("both orders")]
    BothOrders,
}
