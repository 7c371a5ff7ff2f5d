using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tiebreak.Core.Judging;

namespace Tiebreak.Core.Bundles;

/// <summary>What a judge kind needs to open a bundle.</summary>
public sealed record BundleOpening
{
    /// <summary>The bundle's folder; its files have been checked as far as the caller wanted.</summary>
    public required string Folder { get; init; }

    /// <summary>What <c>judge.json</c> says.</summary>
    public required BundleManifest Manifest { get; init; }

    /// <summary>Where the judge is to compute.</summary>
    public required Placement Placement { get; init; }

    /// <summary>The kinds that members of this bundle may have.</summary>
    public required JudgeRegistry Registry { get; init; }

    /// <summary>Where it is logged what the judge does. Default: nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>
    /// Opens a bundle that lies in a subfolder of this one, such as a member of an ensemble. Its files are files of this bundle, so they
    /// have been checked already, and this bundle's check rows prove what it says.
    /// </summary>
    /// <param name="name">The subfolder, with <c>/</c> between its parts: <c>members/0</c>.</param>
    /// <param name="placement">Where the member computes; null for where this bundle does.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    /// <exception cref="InputException">The manifest names no such bundle, or it is damaged.</exception>
    public Task<Bundle> OpenNestedAsync(string name, Placement? placement = null, CancellationToken cancellationToken = default) =>
        Manifest.Files.ContainsKey($"{name}/{Bundle.ManifestName}")
            ? Bundle.OpenAsync(
                Path.Combine(Folder, name), Registry, placement ?? Placement, Verification.None, LoggerFactory, cancellationToken)
            : throw new InputException(
                $"The judge bundle {Folder} is damaged: its {Bundle.ManifestName} names no bundle \"{name}\". " +
                "Copy it again, or train it again.");
}
