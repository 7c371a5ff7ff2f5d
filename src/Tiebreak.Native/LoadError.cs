namespace Tiebreak.Native;

/// <summary>Turns what the dynamic linker says into a sentence with the true cause and the fix.</summary>
internal static class LoadError
{
    /// <summary>The cause of a failed load of a file that is there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="exception">What <see cref="System.Runtime.InteropServices.NativeLibrary.Load(string)"/> threw.</param>
    public static string Explain(string path, Exception exception)
    {
        var name = Path.GetFileName(path);
        var cause = Cause(path, exception.Message);
        if (Between(cause, "version `", "' not found") is { } version)
        {
            var library = version.StartsWith("GLIBC_", StringComparison.Ordinal) ? "C library (glibc)" : "C++ library (libstdc++)";
            return $"{name} needs {version}, and this system's {library} is older; use a newer system ({cause})";
        }

        if (Between(cause, "", ": cannot open shared object file") is { } missing && !missing.Contains('/', StringComparison.Ordinal))
            return $"{name} needs {missing}, which is not on this system; install the package that holds it ({cause})";
        return $"{path} cannot be loaded: {cause}";
    }

    // .NET tries variations of the file's name, each with an "is not there" of its own; the line about something else is the true cause.
    private static string Cause(string path, string message)
    {
        var lines = message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return Array.Find(lines, line => line.Contains(": ", StringComparison.Ordinal)
            && !line.StartsWith("Unable to load", StringComparison.Ordinal)
            && !(line.Contains(Path.GetFileName(path), StringComparison.Ordinal)
                && line.Contains("No such file", StringComparison.Ordinal)))
            ?? lines[^1];
    }

    private static string? Between(string text, string start, string end)
    {
        var from = text.IndexOf(start, StringComparison.Ordinal);
        var to = from < 0 ? -1 : text.IndexOf(end, from + start.Length, StringComparison.Ordinal);
        return to < 0 ? null : text[(from + start.Length)..to];
    }
}
