namespace Tiebreak.Native;

/// <summary>Whether a native library can be used, and why not.</summary>
/// <param name="Name">The library, as a person knows it.</param>
/// <param name="IsLoaded">True if it is in the process now.</param>
/// <param name="Path">Where it was found, if it was found in a file of its own.</param>
/// <param name="Detail">Version or origin when loaded; the true cause and the fix when not.</param>
public sealed record NativeLibraryState(string Name, bool IsLoaded, string? Path, string Detail);
