namespace Tiebreak.Core.Files;

/// <summary>
/// How long files are. <see cref="FileInfo.Length"/> of a symbolic link is the length of the link itself, and folders of caches (that of
/// Hugging Face's hub, for one) hold nothing but links.
/// </summary>
internal static class FileSize
{
    /// <summary>Bytes of the file, or of the file that a link leads to. The file is not opened: it may be a pipe.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It is not there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be looked at.</exception>
    public static long Of(string path)
    {
        var file = new FileInfo(path);

        // A link to a pipe leads to a name that is no path.
        return file.LinkTarget is not null && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo { Exists: true } target
            ? target.Length
            : file.Length;
    }
}
