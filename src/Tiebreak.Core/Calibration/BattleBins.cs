namespace Tiebreak.Core.Calibration;

/// <summary>What battles are divided by into bins that have a temperature each.</summary>
public enum BattleBins
{
    /// <summary>Characters of both responses together.</summary>
    Length,

    /// <summary>Turns.</summary>
    Turns,
}
