using ZstdSharp;

namespace Tiebreak.Data.Reading;

/// <summary>Decompresses Zstandard, several frames too, and fails where the data is damaged or cut off.</summary>
internal sealed class CheckedZstdStream(Stream compressed) : ForwardStream
{
    // A frame may ask for a window of gigabytes; 128 MiB is what the zstd command accepts without being told otherwise.
    private const int LargestWindowLog = 27;

    private readonly DecompressionStream _zstd = Open(compressed);

    /// <exception cref="InvalidDataException">The data is damaged or cut off.</exception>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return _zstd.Read(buffer);
        }
        catch (Exception exception) when (exception is ZstdException or EndOfStreamException)
        {
            throw new InvalidDataException("The Zstandard data is damaged or cut off.", exception);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _zstd.Dispose();
        base.Dispose(disposing);
    }

    private static DecompressionStream Open(Stream compressed)
    {
        var stream = new DecompressionStream(compressed, leaveOpen: false);
        stream.SetParameter(ZstdSharp.Unsafe.ZSTD_dParameter.ZSTD_d_windowLogMax, LargestWindowLog);
        return stream;
    }
}
