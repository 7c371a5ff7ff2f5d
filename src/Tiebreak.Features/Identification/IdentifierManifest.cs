using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;

namespace Tiebreak.Features.Identification;

/// <summary>The file <c>identifier.json</c>: everything about a saved identifier but its weights.</summary>
public sealed record IdentifierManifest : FolderManifest
{
    /// <summary>The file's name.</summary>
    public const string FileName = "identifier.json";

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

    /// <summary>The family of a model.</summary>
    public string FamilyOf(string model) => Families.TryGetValue(model, out var family) ? family : ModelFamily.Of(model);
}
