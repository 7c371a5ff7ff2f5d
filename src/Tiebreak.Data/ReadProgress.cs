namespace Tiebreak.Data;

/// <summary>How far reading has come, in bytes as they are on disk (compressed ones for a gz file).</summary>
/// <param name="BytesRead">Bytes read until now.</param>
/// <param name="BytesTotal">Bytes there are in all; 0 where that is unknown (a pipe).</param>
public readonly record struct ReadProgress(long BytesRead, long BytesTotal);
