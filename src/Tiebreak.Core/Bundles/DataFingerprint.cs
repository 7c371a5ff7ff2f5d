namespace Tiebreak.Core.Bundles;

/// <summary>What a file was when it was read, stored with whatever was made from it.</summary>
/// <param name="File">The file's name without its folder.</param>
/// <param name="Rows">Rows in the file, bad ones included.</param>
/// <param name="Sha256">SHA-256 of the bytes as they are on disk (compressed ones for a gz file), in lower-case hexadecimal.</param>
public sealed record DataFingerprint(string File, long Rows, string Sha256);
