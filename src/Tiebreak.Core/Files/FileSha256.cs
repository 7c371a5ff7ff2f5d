using System.Security.Cryptography;

namespace Tiebreak.Core.Files;

/// <summary>The SHA-256 of files, by which a file is known again wherever it lies.</summary>
internal static class FileSha256
{
    /// <summary>The SHA-256 of a file's content, read in parts.</summary>
    /// <param name="path">The file.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string Of(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
