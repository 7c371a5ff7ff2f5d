using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Tiebreak.Core.Files;

/// <summary>What file systems of Unix can do with folders and .NET has no call for.</summary>
internal static partial class UnixFolder
{
    /// <summary>AT_FDCWD of Linux: paths are as the process sees them.</summary>
    private const int WorkingFolder = -100;

    /// <summary>RENAME_EXCHANGE of Linux.</summary>
    private const uint Exchange = 2;

    /// <summary>Exchanges the names of two folders in one step, so that at no moment there is none of either name.</summary>
    /// <returns>False where the system or the file system cannot; nothing has changed then.</returns>
    public static bool TryExchange(string one, string other)
    {
        if (!OperatingSystem.IsLinux())
            return false;

        try
        {
            return Rename(WorkingFolder, one, WorkingFolder, other, Exchange) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library from before 2018 (glibc 2.28), or one that has no such function.
            return false;
        }
    }

    /// <summary>
    /// Makes renames in a folder survive a power failure, where the system can: a name is part of its folder, not of its file. On Windows
    /// the file system's journal does it.
    /// </summary>
    public static void FlushToDisk(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;

        using var handle = Open(folder, flags: 0);
        if (handle.IsInvalid)
            return;

        try
        {
            RandomAccess.FlushToDisk(handle);
        }
        catch (IOException)
        {
            // The rename has happened; it may be lost only if the machine stops now.
        }
    }

    [LibraryImport("libc", EntryPoint = "renameat2", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Rename(int fromFolder, string from, int toFolder, string to, uint flags);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle Open(string path, int flags);
}
