using System.Text.Json.Nodes;
using Tiebreak.Core.Bundles;

namespace Tiebreak.Ratings.Routing;

/// <summary>The file <c>policy.json</c>: everything about a saved routing policy but the predictor's weights.</summary>
public sealed record PolicyManifest
{
    /// <summary>The file's name in the folder of a policy.</summary>
    public const string FileName = "policy.json";

    /// <summary>The version that this program writes and reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Version of the layout.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>The kind of predictor; see <see cref="Core.Routing.IPromptPredictorFormat"/>.</summary>
    public required string Predictor { get; init; }

    /// <summary>The model that others are held against.</summary>
    public required string Reference { get; init; }

    /// <summary>What is saved.</summary>
    public required RoutingObjective Objective { get; init; }

    /// <summary>The probability to win or tie that is good enough unless somebody says otherwise.</summary>
    public required double Threshold { get; init; }

    /// <summary>The models that may be chosen, with their costs; lengths of answers filled in.</summary>
    public required IReadOnlyList<ModelCost> Models { get; init; }

    /// <summary>True if the policy looks at more of a prompt than its length.</summary>
    public required bool UsesPrompts { get; init; }

    /// <summary>Why it does or does not, in a sentence.</summary>
    public required string PromptsReason { get; init; }

    /// <summary>Out-of-fold losses and the cost/quality curve.</summary>
    public required JsonObject Validation { get; init; }

    /// <summary>What the training of the predictor found out.</summary>
    public required JsonObject Training { get; init; }

    /// <summary>The seed of every random choice.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Folds of the cross-validation behind <see cref="Validation"/>.</summary>
    public required int Folds { get; init; }

    /// <summary>The files that it was trained on.</summary>
    public required IReadOnlyList<DataFingerprint> Data { get; init; }

    /// <summary>Versions of Tiebreak, .NET and what else decides what is computed.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    /// <summary>How far the check rows may differ on loading.</summary>
    public required double CheckTolerance { get; init; }

    /// <summary>Every other file of the folder by its name.</summary>
    public required IReadOnlyDictionary<string, BundleFile> Files { get; init; }
}
