namespace Tiebreak.Explorer.Index;

/// <summary>Where an index is kept, and what it may take.</summary>
internal sealed record BattleIndexOptions
{
    /// <summary>
    /// The folder of the index. Default: <c>FILE.tiebreak-index</c> beside the first file, or one in the user's cache where that cannot be
    /// written.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>Most memory of the database, in MiB, without what reading and building take.</summary>
    public int DatabaseMemory { get; init; } = 1_024;
}
