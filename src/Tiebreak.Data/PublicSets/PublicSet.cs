using Tiebreak.Core.Hubs;

namespace Tiebreak.Data.PublicSets;

/// <summary>A public set of battles that can be fetched by name.</summary>
/// <param name="Name">Its short name.</param>
/// <param name="Repository">Its repository on the hub, or on GitHub where <see cref="File"/> is stated.</param>
/// <param name="Rows">How many rows its publisher states.</param>
/// <param name="Licence">The licence that its publisher states.</param>
/// <param name="IsGated">True if the hub asks for an account that accepted its terms.</param>
public sealed record PublicSet(string Name, string Repository, int Rows, string Licence, bool IsGated)
{
    /// <summary>The end of the names of the files that hold battles.</summary>
    public string Suffix { get; init; } = ".parquet";

    /// <summary>A part of the path that keeps a file out. Default: nothing is kept out.</summary>
    public string? Without { get; init; }

    /// <summary>The one file of a set that is on no hub; its hash is known here.</summary>
    public HubFile? File { get; init; }

    /// <summary>True if a file of the repository holds battles of the set.</summary>
    public bool Holds(HubFile file) =>
        file.Path.EndsWith(Suffix, StringComparison.Ordinal) && (Without is null || !file.Path.Contains(Without, StringComparison.Ordinal));
}
