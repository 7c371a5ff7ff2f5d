using System.Text.Json.Serialization;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Files;
using Tiebreak.Core.Judging;

namespace Tiebreak.Core.Ensembles;

/// <summary>Where a member of an ensemble is: inside of the ensemble's bundle, or elsewhere, known by its hash.</summary>
internal sealed record MemberReference
{
    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>Its folder in the bundle, such as <c>members/0</c>; null for one that lies elsewhere.</summary>
    public string? Folder { get; init; }

    /// <summary>The folder of one that lies elsewhere; what is not an absolute path begins at the ensemble's bundle.</summary>
    public string? Path { get; init; }

    /// <summary>SHA-256 of the <c>judge.json</c> of a member that lies elsewhere, which in turn states the hash of every file.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Whether it says where the member is, in one way.</summary>
    [JsonIgnore]
    public bool IsPossible => Folder is not null ? Path is null && FolderFiles.IsInside(Folder) : Path is not null && Sha256 is not null;

    /// <summary>The folder of the n-th member inside of a bundle.</summary>
    public static string FolderOf(int member) => FormattableString.Invariant($"members/{member}");

    /// <summary>Opens the member.</summary>
    /// <param name="opening">The ensemble's bundle.</param>
    /// <param name="placement">Where the member computes.</param>
    /// <param name="isProven">True where its files were checked before, by this process.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    /// <exception cref="InputException">It is not there, or not the one that the ensemble was made of.</exception>
    public Task<Bundle> OpenAsync(BundleOpening opening, Placement placement, bool isProven, CancellationToken cancellationToken)
    {
        if (Folder is not null)
            return opening.OpenNestedAsync(Folder, placement, cancellationToken);

        var folder = System.IO.Path.GetFullPath(System.IO.Path.Combine(opening.Folder, Path!));
        if (!isProven)
            ThrowIfAnother(opening.Folder, folder);
        return Bundle.OpenAsync(
            folder, opening.Registry, placement, isProven ? Verification.None : Verification.Hashes, opening.LoggerFactory,
            cancellationToken);
    }

    private void ThrowIfAnother(string ensemble, string folder)
    {
        var manifest = System.IO.Path.Combine(folder, Bundle.ManifestName);
        if (!File.Exists(manifest))
        {
            throw new InputException(
                $"The ensemble {ensemble} has the member \"{Name}\" in {folder}, where no judge bundle is. Put it there, or make the "
                + "ensemble again with its members inside.");
        }

        if (!string.Equals(FileSha256.Of(manifest), Sha256, StringComparison.Ordinal))
        {
            throw new InputException(
                $"The judge in {folder} is not the member \"{Name}\" that the ensemble {ensemble} was made of: its "
                + $"{Bundle.ManifestName} has another hash. Put the old one back, or make the ensemble again.");
        }
    }
}
