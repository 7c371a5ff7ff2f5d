namespace Tiebreak.Data.Cleaning;

/// <summary>What happened to a battle.</summary>
public enum CleaningAction
{
    /// <summary>It is not among the cleaned battles.</summary>
    Dropped,

    /// <summary>It has another label.</summary>
    Relabelled,
}
