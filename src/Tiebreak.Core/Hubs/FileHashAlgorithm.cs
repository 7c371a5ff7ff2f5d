namespace Tiebreak.Core.Hubs;

/// <summary>How hubs say what a file must hold.</summary>
public enum FileHashAlgorithm
{
    /// <summary>SHA-256 of the content.</summary>
    Sha256,

    /// <summary>Git's blob id: SHA-1 of a header and the content.</summary>
    GitBlob,
}
