using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tiebreak.Core.Hubs;

/// <summary>
/// What the bytes of a file must add up to: SHA-256, as hubs state it of large files, or git's blob id (SHA-1 of <c>blob LENGTH\0</c> and
/// the content), as they state it of small ones.
/// </summary>
/// <param name="Algorithm">Which of the two.</param>
/// <param name="Hex">Lower-case hexadecimal digits.</param>
public sealed record FileHash(FileHashAlgorithm Algorithm, string Hex)
{
    /// <summary>A SHA-256.</summary>
    public static FileHash Sha256(string hex) => new(FileHashAlgorithm.Sha256, hex);

    /// <summary>A blob id of git.</summary>
    public static FileHash GitBlob(string hex) => new(FileHashAlgorithm.GitBlob, hex);

    /// <summary>True if a file has this hash.</summary>
    public async Task<bool> MatchesAsync(string path, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(Algorithm == FileHashAlgorithm.Sha256
            ? HashAlgorithmName.SHA256
            : HashAlgorithmName.SHA1);
        await using var file = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan | FileOptions.Asynchronous);
        if (Algorithm == FileHashAlgorithm.GitBlob)
            hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {file.Length}\0")));

        var buffer = new byte[1 << 20];
        for (int read; (read = await file.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
            hash.AppendData(buffer, 0, read);
        return string.Equals(Convert.ToHexStringLower(hash.GetHashAndReset()), Hex, StringComparison.OrdinalIgnoreCase);
    }
}
