using System.Text.Json.Serialization;
using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Calibration;

/// <summary>
/// What is done to the preferences of a judge after it was asked, in both orders where its bundle says so. Exchanging A and B of battle and
/// preference exchanges A and B of the result.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "method")]
[JsonDerivedType(typeof(Temperature), "temperature")]
[JsonDerivedType(typeof(BinnedTemperature), "binned_temperature")]
[JsonDerivedType(typeof(LengthNeutral), "length")]
[JsonDerivedType(typeof(VectorScaling), "vector")]
[JsonDerivedType(typeof(IsotonicCalibration), "isotonic")]
[JsonDerivedType(typeof(PostRules), "post_rules")]
public interface ICalibration
{
    /// <summary>False for numbers that no fit gives, as in a damaged file.</summary>
    [JsonIgnore]
    bool IsValid { get; }

    /// <summary>Calibrates the preference for one battle.</summary>
    /// <param name="preference">What the judge said.</param>
    /// <param name="battle">What it said it about.</param>
    Preference Apply(Preference preference, Battle battle);
}
