namespace Tiebreak.Core.Calibration;

/// <summary>How a judge is calibrated. Recipes name methods in snake_case.</summary>
public enum CalibrationMethod
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>One temperature; see <see cref="Calibration.Temperature"/>.</summary>
    Temperature,

    /// <summary>A temperature for short, middling and long battles each; see <see cref="BinnedTemperature"/>.</summary>
    TemperatureByLength,

    /// <summary>A temperature for battles of one, of two or three, and of more turns each; see <see cref="BinnedTemperature"/>.</summary>
    TemperatureByTurns,

    /// <summary>Platt's scaling; see <see cref="VectorScaling"/>.</summary>
    Vector,

    /// <summary>Curves that never fall; see <see cref="IsotonicCalibration"/>.</summary>
    Isotonic,

    /// <summary>A temperature, and an advantage for the longer response; see <see cref="LengthNeutral"/>.</summary>
    Length,
}
