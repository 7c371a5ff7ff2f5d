using System.Runtime.InteropServices;

namespace Tiebreak.Native;

/// <summary>Environment variables that native libraries read when they begin; .NET has a copy of its own, which they do not see.</summary>
internal static partial class NativeEnvironment
{
    /// <summary>Sets a variable; what the user has set stays. It does nothing on Windows.</summary>
    public static void SetUnlessSet(string name, string value)
    {
        if (!OperatingSystem.IsWindows())
            _ = Set(name, value, overwrite: 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Set(string name, string value, int overwrite);
}
