using System.Text.Json.Serialization;

namespace Tiebreak.Explorer.Index;

/// <summary>What an index on disk holds. It is written when everything else is, so that an index without it is none.</summary>
internal sealed record IndexManifest
{
    /// <summary>The format of today's indexes; others are built anew.</summary>
    public const int CurrentVersion = 2;

    /// <summary>The format.</summary>
    public required int Version { get; init; }

    /// <summary>The files that were read.</summary>
    public required IReadOnlyList<IndexedFile> Files { get; init; }

    /// <summary>How they were read: what they call things, and which rows were wanted.</summary>
    public required string Reading { get; init; }

    /// <summary>Battles in the index.</summary>
    public required int Battles { get; init; }

    /// <summary>Whether texts can be searched.</summary>
    public required bool HasSearch { get; init; }

    /// <summary>What there was to say about the files, a sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>A file when it was read.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Modified">When it was last written, in UTC.</param>
/// <param name="Sha256">The hash of its bytes, in hexadecimal digits.</param>
internal sealed record IndexedFile(string Path, long Bytes, DateTime Modified, string Sha256);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(IndexManifest))]
internal sealed partial class IndexJson : JsonSerializerContext;
