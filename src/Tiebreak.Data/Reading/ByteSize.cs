namespace Tiebreak.Data.Reading;

/// <summary>Sizes as people read them.</summary>
internal static class ByteSize
{
    public static string Format(int bytes) => bytes >= 1 << 20 ? $"{bytes >> 20} MiB" : $"{bytes} bytes";
}
