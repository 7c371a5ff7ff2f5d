namespace Tiebreak.Core.Bundles;

/// <summary>How much of a bundle is proved when it is opened. The manifest's own hash is checked at every degree.</summary>
public enum Verification
{
    /// <summary>The files are trusted: they have just been written or checked.</summary>
    None,

    /// <summary>Every file must have the length and the hash that the manifest states.</summary>
    Hashes,

    /// <summary>The hashes, and the judge must give the check rows the preferences that it gave when it was saved.</summary>
    Full,
}
