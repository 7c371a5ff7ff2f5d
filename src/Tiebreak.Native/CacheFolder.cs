namespace Tiebreak.Native;

/// <summary>The user's cache folder, by the XDG base directory specification: what lies there can be made again.</summary>
internal static class CacheFolder
{
    /// <summary>The folder of Tiebreak in the user's cache; it may not exist yet.</summary>
    /// <exception cref="IOException">The user has no home and no cache.</exception>
    public static string Path => System.IO.Path.Combine(Root(), "tiebreak");

    private static string Root()
    {
        // The specification has relative paths ignored.
        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache && System.IO.Path.IsPathFullyQualified(cache))
            return cache;
        if (OperatingSystem.IsWindows())
            return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home
            ? System.IO.Path.Combine(home, ".cache")
            : throw new IOException("this user has no home folder, and XDG_CACHE_HOME names no cache folder");
    }
}
