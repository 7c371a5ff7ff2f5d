using System.Text.Json.Serialization;
using Tiebreak.Core.Metrics;

namespace Tiebreak.App.Validating;

/// <summary>One number by which a judge is validated.</summary>
/// <param name="Name">Its name in JSON and in requirements: <c>kappa</c>.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Value">The number; NaN where it was not measured.</param>
/// <param name="Interval">95 % interval, by bootstrap over prompts; NaN where there is none.</param>
/// <param name="Battles">Battles that it was measured on.</param>
/// <param name="Better">Which values are better.</param>
/// <param name="Remark">What to compare it with, or why it was not measured.</param>
public sealed record ValidationMeasure(
    string Name,
    string Title,
    double Value,
    [property: JsonPropertyName("ci")] Interval Interval,
    int Battles,
    MeasureDirection Better,
    string Remark)
{
    /// <summary>Whether there is a number at all.</summary>
    [JsonIgnore]
    public bool IsMeasured => !double.IsNaN(Value);

    /// <summary>Whether the number is at least as good as another.</summary>
    internal bool IsAsGoodAs(double limit) => Better switch
    {
        MeasureDirection.Higher => Value >= limit,
        MeasureDirection.Lower => Value <= limit,
        _ => Math.Abs(Value) <= limit,
    };
}

/// <summary>Which values of a measure are better.</summary>
public enum MeasureDirection
{
    /// <summary>Higher ones.</summary>
    Higher,

    /// <summary>Lower ones.</summary>
    Lower,

    /// <summary>Those nearer to zero, on either side.</summary>
    NearZero,
}
