using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Bundles;

/// <summary>What the manifests of all self-proving folders say; see <see cref="SelfProvingFolder{TManifest}"/>.</summary>
public abstract record FolderManifest
{
    /// <summary>The version that this program writes. From version 2 on a hash proves the manifest itself.</summary>
    public const int CurrentVersion = 2;

    internal const int OldestVersion = 1;

    /// <summary>Version of the folder's layout.</summary>
    [JsonPropertyOrder(-1)]
    public int FormatVersion { get; init; } = CurrentVersion;

    /// <summary>The seed of every random choice.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Folds of the cross-validation behind the metrics; of the held-out battles, where some were held out.</summary>
    public required int Folds { get; init; }

    /// <summary>The files that were trained on.</summary>
    public required IReadOnlyList<DataFingerprint> Data { get; init; }

    /// <summary>
    /// What the training files called things, where they did not use the usual names; null otherwise. Later files are read in the same way.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BattleMapping? Mapping { get; init; }

    /// <summary>Versions of Tiebreak, .NET and the libraries that decide what is computed; see <see cref="VersionsWith"/>.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    /// <summary>How far the check rows may differ when the folder is opened: rounding, not error.</summary>
    public required double CheckTolerance { get; init; }

    /// <summary>Every other file of the folder by its name, with <c>/</c> between folders. Filled in when the folder is written.</summary>
    public IReadOnlyDictionary<string, BundleFile> Files { get; init; } = new Dictionary<string, BundleFile>(StringComparer.Ordinal);

    /// <summary>The versions of this program and of its runtime, beside those of libraries.</summary>
    /// <param name="libraries">Name and version of what else decides what is computed.</param>
    public static IReadOnlyDictionary<string, string> VersionsWith(IReadOnlyDictionary<string, string> libraries) =>
        new Dictionary<string, string>(libraries, StringComparer.Ordinal)
        {
            ["tiebreak"] = typeof(FolderManifest).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
                ?? "unknown",
            ["runtime"] = RuntimeInformation.FrameworkDescription,
            ["system"] = RuntimeInformation.RuntimeIdentifier,
        };
}

/// <summary>One file of a self-proving folder, as its manifest states it.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">SHA-256 of its bytes, lower-case hexadecimal.</param>
public sealed record BundleFile(long Bytes, string Sha256);
