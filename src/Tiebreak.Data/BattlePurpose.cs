namespace Tiebreak.Data;

/// <summary>What battles are read for; it decides what becomes of a row that is not as it should be.</summary>
public enum BattlePurpose
{
    /// <summary>Training and evaluation: every battle needs a label; a bad row is reported and kept out.</summary>
    Train,

    /// <summary>Prediction: no row may be lost; a bad row is reported and kept with its id and whatever could be read.</summary>
    Test,

    /// <summary>
    /// Looking and converting: no label is needed; bad rows and repeated ids are reported and kept with whatever could be read.
    /// </summary>
    Explore,
}
