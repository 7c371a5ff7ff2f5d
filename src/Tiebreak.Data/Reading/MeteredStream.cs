using System.Security.Cryptography;

namespace Tiebreak.Data.Reading;

/// <summary>Counts, and where wanted hashes, the bytes that are read through it.</summary>
internal sealed class MeteredStream(Stream inner, bool hash) : ForwardStream
{
    private readonly IncrementalHash? _hash = hash ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;

    public long BytesRead { get; private set; }

    /// <summary>SHA-256 of the whole file in lower-case hexadecimal; reads on to its end first.</summary>
    public string Sha256()
    {
        var rest = new byte[1 << 16];
        while (Read(rest) > 0)
        {
            // A decompressor stops where its data ends, which need not be the end of the file.
        }

        return Convert.ToHexStringLower(_hash!.GetHashAndReset());
    }

    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        BytesRead += count;
        _hash?.AppendData(buffer[..count]);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash?.Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
