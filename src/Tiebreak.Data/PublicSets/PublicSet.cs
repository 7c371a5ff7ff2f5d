namespace Tiebreak.Data.PublicSets;

/// <summary>A public set of battles that can be fetched by name.</summary>
/// <param name="Name">Its short name.</param>
/// <param name="Repository">Its repository on the hub, or on GitHub where <see cref="File"/> is stated.</param>
/// <param name="Rows">How many rows its publisher states.</param>
/// <param name="Licence">The licence that its publisher states.</param>
/// <param name="IsGated">True if the hub asks for an account that accepted its terms.</param>
internal sealed record PublicSet(string Name, string Repository, int Rows, string Licence, bool IsGated)
{
    /// <summary>The end of the names of the files that hold battles.</summary>
    public string Suffix { get; init; } = ".parquet";

    /// <summary>A part of the path that keeps a file out. Default: nothing is kept out.</summary>
    public string? Without { get; init; }

    /// <summary>The one file of a set that is on no hub; its hash is known here.</summary>
    public PublicFile? File { get; init; }

    /// <summary>True if a file of the repository, given by its path there, holds battles of the set.</summary>
    public bool Holds(string path) =>
        path.EndsWith(Suffix, StringComparison.Ordinal) && (Without is null || !path.Contains(Without, StringComparison.Ordinal));
}

/// <summary>A file at a known address with known content.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Address">Where it can be fetched.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">The SHA-256 of its content, in hexadecimal digits.</param>
internal sealed record PublicFile(string Name, Uri Address, long Bytes, string Sha256);
