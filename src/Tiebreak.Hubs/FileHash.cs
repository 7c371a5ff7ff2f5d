using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tiebreak.Hubs;

/// <summary>
/// The hash that a file must have. Hubs state SHA-256 for large files; for small ones they state git's blob id, which is the SHA-1 of
/// <c>blob LENGTH\0</c> followed by the content.
/// </summary>
public sealed record FileHash
{
    private FileHash(FileHashAlgorithm algorithm, string hex) => (Algorithm, Hex) = (algorithm, hex);

    /// <summary>The hash in hexadecimal digits.</summary>
    public string Hex { get; }

    /// <summary>Which hash it is.</summary>
    internal FileHashAlgorithm Algorithm { get; }

    /// <summary>A SHA-256.</summary>
    /// <param name="hex">64 hexadecimal digits.</param>
    /// <exception cref="ArgumentException">The text is something else.</exception>
    public static FileHash Sha256(string hex) => Parse(FileHashAlgorithm.Sha256, hex) ?? throw Malformed(nameof(hex), digits: 64);

    /// <summary>A blob id of git.</summary>
    /// <param name="hex">40 hexadecimal digits.</param>
    /// <exception cref="ArgumentException">The text is something else.</exception>
    public static FileHash GitBlob(string hex) => Parse(FileHashAlgorithm.GitBlob, hex) ?? throw Malformed(nameof(hex), digits: 40);

    /// <summary>The hash that a text states, or null if it has another number of digits than such a hash, or other characters.</summary>
    internal static FileHash? Parse(FileHashAlgorithm algorithm, string hex) =>
        hex.Length == (algorithm == FileHashAlgorithm.Sha256 ? 64 : 40) && hex.All(char.IsAsciiHexDigit) ? new(algorithm, hex) : null;

    /// <summary>True if a file has this hash.</summary>
    internal async Task<bool> MatchesAsync(string path, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(
            Algorithm == FileHashAlgorithm.Sha256 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
        const FileOptions options = FileOptions.SequentialScan | FileOptions.Asynchronous;
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, options);
        await using var closing = file.ConfigureAwait(false);
        if (Algorithm == FileHashAlgorithm.GitBlob)
            hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {file.Length}\0")));

        var buffer = new byte[1 << 20];
        for (int read; (read = await file.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
            hash.AppendData(buffer, 0, read);
        return string.Equals(Convert.ToHexStringLower(hash.GetHashAndReset()), Hex, StringComparison.OrdinalIgnoreCase);
    }

    private static ArgumentException Malformed(string parameter, int digits) =>
        new($"The hash must have {digits} hexadecimal digits.", parameter);
}

/// <summary>The hashes that hubs state.</summary>
internal enum FileHashAlgorithm
{
    Sha256,
    GitBlob,
}
