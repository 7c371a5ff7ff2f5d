namespace Tiebreak.Core.Files;

/// <summary>Turns what the operating system says about a failed write into a sentence with the fix.</summary>
internal static class StorageError
{
    // errno ENOSPC and EDQUOT on Unix; ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL on Windows.
    private static readonly int[] DiskFullCodes = [28, 122, unchecked((int)0x80070027), unchecked((int)0x80070070)];

    /// <summary>The error to show for a failed write.</summary>
    /// <param name="path">What was to be written.</param>
    /// <param name="cause">The exception of the file system.</param>
    public static TiebreakException Explain(string path, Exception cause)
    {
        if (IsDiskFull(cause))
            return Error($"The disk is full: {path} could not be written and is as it was before. Free space or choose another place.");
        if (cause is UnauthorizedAccessException)
            return Error($"No permission to write {path}. Choose another place or change its permissions.");
        if (cause is DirectoryNotFoundException)
            return new InputException($"The folder of {path} does not exist. Create it first.", cause);
        return Error($"{path} could not be written: {cause.Message}");

        TiebreakException Error(string message) => new(message, cause) { Code = ErrorCodes.Storage };
    }

    /// <summary>Does something with a file or a folder, and explains its failure.</summary>
    /// <param name="path">What is written.</param>
    /// <param name="action">The work.</param>
    /// <exception cref="TiebreakException">The file system refused it.</exception>
    public static void Guard(string path, Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Explain(path, exception);
        }
    }

    // .NET reports a failed preallocation without a code, only in words; its messages are English because the build has no others.
    private static bool IsDiskFull(Exception cause) =>
        cause is IOException
        && (DiskFullCodes.Contains(cause.HResult) || cause.Message.Contains("disk was full", StringComparison.Ordinal));
}
