using System.Reflection;
using System.Runtime.InteropServices;

namespace Tiebreak.Native;

/// <summary>Loads a native library of a NuGet package ahead of its first use, so that a failure says what is really missing.</summary>
internal static class NativeLoader
{
    /// <summary>Tries to load a library.</summary>
    /// <param name="displayName">The library, as a person knows it.</param>
    /// <param name="libraryName">Its name as in DllImport, without prefix and extension rules applied.</param>
    /// <param name="assembly">The assembly whose dependencies list it.</param>
    public static NativeLibraryState TryLoad(string displayName, string libraryName, Assembly assembly)
    {
        var openMp = OpenMp.EnsureLoaded();
        try
        {
            NativeLibrary.Load(libraryName, assembly, searchPath: null);
            return new NativeLibraryState(
                displayName, IsLoaded: true, Path: null, openMp.IsLoaded ? "loaded" : $"loaded; but {openMp.Detail}");
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            var detail = openMp.IsLoaded ? FirstCause(exception.Message) : $"the OpenMP runtime is missing: {openMp.Detail}";
            return new NativeLibraryState(displayName, IsLoaded: false, Path: null, detail);
        }
    }

    // .NET lists every name that it tried, each with "no such file"; the line that says something else is the true cause.
    private static string FirstCause(string message)
    {
        var lines = message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return Array.Find(lines, line =>
            line.Contains(": ", StringComparison.Ordinal) && !line.Contains("No such file", StringComparison.Ordinal)
                && !line.StartsWith("Unable to load", StringComparison.Ordinal)) ?? lines[0];
    }
}
