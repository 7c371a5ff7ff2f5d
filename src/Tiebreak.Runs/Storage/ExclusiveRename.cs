using System.Runtime.InteropServices;

namespace Tiebreak.Runs.Storage;

/// <summary>
/// Gives a file a name that nobody else has taken, in one step. .NET looks first and renames then, so two processes that look at the same
/// moment would both succeed; a hard link is made by one of them only.
/// </summary>
internal static partial class ExclusiveRename
{
    /// <summary>The error code of link(2) for a name that is taken, the same on Linux, macOS and the BSDs.</summary>
    private const int AlreadyExists = 17;

    /// <summary>Renames a file in its folder.</summary>
    /// <returns>False if the name is taken; the file has its old one then.</returns>
    /// <exception cref="IOException">It cannot be renamed.</exception>
    public static bool TryMove(string from, string to)
    {
        if (!OperatingSystem.IsWindows())
        {
            if (Link(from, to) == 0)
            {
                File.Delete(from);
                return true;
            }

            if (Marshal.GetLastPInvokeError() == AlreadyExists)
                return false;
        }

        // Windows does it in one step; file systems without hard links have nothing better.
        try
        {
            File.Move(from, to, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(to))
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string from, string to);
}
