using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;

namespace Tiebreak.Data;

/// <summary>How battle files are read.</summary>
public sealed record BattleReadOptions
{
    private const int OneMebibyte = 1 << 20;

    /// <summary>The upper limit of <see cref="MaxRecordBytes"/>: buffers grow to twice its size.</summary>
    internal const int LargestRecordBytes = 512 * OneMebibyte;

    /// <summary>What the battles are for. Default: <see cref="BattlePurpose.Train"/>.</summary>
    public BattlePurpose Purpose { get; init; } = BattlePurpose.Train;

    /// <summary>Rows are parsed on so many threads; the result does not depend on it. Default: one per processor.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>The largest row that is accepted, in bytes after decompression, up to 512 MiB. Default: 64 MiB.</summary>
    public int MaxRecordBytes { get; init; } = 64 * OneMebibyte;

    /// <summary>Decides, together with the texts, on which side the chosen response of a chosen/rejected set comes. Default: 0.</summary>
    public ulong SideSeed { get; init; }

    /// <summary>How the files name columns and winners where they do not use the usual names. Default: they do.</summary>
    public BattleMapping? Mapping { get; init; }

    /// <summary>
    /// Only rows with these values in these columns of the file are read; of several values for one column any will do. Test rows are all
    /// read. Default: every row.
    /// </summary>
    public IReadOnlyList<(string Column, string Value)> Where { get; init; } = [];

    /// <summary>Told after every block that is read, in bytes as they are on disk (0 in all for a pipe). Default: nobody.</summary>
    public IProgress<JobProgress>? Progress { get; init; }

    /// <summary>How <see cref="Progress"/> names what is being done. Default: reading, and the name of the file.</summary>
    public string? Stage { get; init; }

    /// <summary>False where battles without any text will do, so that a layout that nobody knows is answered for votes.</summary>
    internal bool NeedsTexts { get; init; } = true;

    /// <summary>The block in which a file is read and handed to the parsers, in bytes. Default: 1 MiB.</summary>
    internal int BlockBytes { get; init; } = OneMebibyte;
}
