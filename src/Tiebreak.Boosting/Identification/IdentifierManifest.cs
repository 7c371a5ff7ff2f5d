using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;

namespace Tiebreak.Boosting.Identification;

/// <summary>The file <c>identifier.json</c>: everything about a saved identifier but its weights.</summary>
public sealed record IdentifierManifest
{
    /// <summary>The file's name.</summary>
    public const string FileName = "identifier.json";

    /// <summary>The version that this program writes and reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Version of the layout.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>The models, in the order of all probabilities.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>Families that were given by name; others follow from <see cref="ModelFamily"/>.</summary>
    public required IReadOnlyDictionary<string, string> Families { get; init; }

    /// <summary>Models with fewer responses were pooled.</summary>
    public required int MinResponses { get; init; }

    /// <summary>How much words, runs of characters and style count.</summary>
    public required IReadOnlyList<double> Weights { get; init; }

    /// <summary>Out-of-fold results.</summary>
    public required JsonObject Validation { get; init; }

    /// <summary>The seed of every random choice.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Folds of the cross-validation.</summary>
    public required int Folds { get; init; }

    /// <summary>The files that it was trained on.</summary>
    public required IReadOnlyList<DataFingerprint> Data { get; init; }

    /// <summary>Versions of Tiebreak and .NET.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    /// <summary>How far the check rows may differ on loading.</summary>
    public required double CheckTolerance { get; init; }

    /// <summary>Every other file of the folder by its name.</summary>
    public required IReadOnlyDictionary<string, BundleFile> Files { get; init; }

    /// <summary>The family of a model.</summary>
    public string FamilyOf(string model) => Families.TryGetValue(model, out var family) ? family : ModelFamily.Of(model);
}
