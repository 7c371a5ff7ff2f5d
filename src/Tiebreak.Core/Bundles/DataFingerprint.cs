namespace Tiebreak.Core.Bundles;

/// <summary>Which data a judge was trained on.</summary>
/// <param name="File">The file's name without its folder.</param>
/// <param name="Rows">Battles read from it.</param>
/// <param name="Sha256">SHA-256 of the file's bytes, lower-case hexadecimal.</param>
public sealed record DataFingerprint(string File, int Rows, string Sha256);
