namespace Tiebreak.Native;

/// <summary>How loading libtorch went.</summary>
public sealed record LibTorchState
{
    /// <summary>True if libtorch and TorchSharp's native library are in the process.</summary>
    public required bool IsLoaded { get; init; }

    /// <summary>Version and origin when loaded; the true cause and the fix when not.</summary>
    public required string Detail { get; init; }

    /// <summary>The folder that libtorch came from, if one was found.</summary>
    public string? Folder { get; init; }

    /// <summary>The version of libtorch: major and minor.</summary>
    public Version? Version { get; init; }

    /// <summary>The native library of TorchSharp that was loaded: the package's own file or the repaired copy of it.</summary>
    public string? TorchSharpLibrary { get; init; }

    /// <summary>True if the package's file does not load on this system and the repaired copy took its place.</summary>
    public bool IsRepaired { get; init; }

    /// <summary>How long loading took.</summary>
    public TimeSpan LoadTime { get; init; }
}
