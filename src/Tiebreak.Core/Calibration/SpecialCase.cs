namespace Tiebreak.Core.Calibration;

/// <summary>Battles that say little by their texts and much by their kind.</summary>
public enum SpecialCase
{
    /// <summary>Neither side said anything.</summary>
    BothEmpty,

    /// <summary>One side said nothing.</summary>
    OneEmpty,

    /// <summary>Both sides said the same.</summary>
    Identical,
}
