namespace Tiebreak.Core.Bundles;

/// <summary>One file of a bundle, as its manifest vouches for it.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">SHA-256 of its bytes, lower-case hexadecimal.</param>
public sealed record BundleFile(long Bytes, string Sha256);
