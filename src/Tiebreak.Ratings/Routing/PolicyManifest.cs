using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Tiebreak.Core.Bundles;

namespace Tiebreak.Ratings.Routing;

/// <summary>The file <c>policy.json</c>: everything about a saved routing policy but the predictor's weights.</summary>
public sealed record PolicyManifest : FolderManifest
{
    /// <summary>The file's name in the folder of a policy.</summary>
    public const string FileName = "policy.json";

    /// <summary>The kind of predictor; see <see cref="Core.Routing.IPromptPredictorFormat"/>.</summary>
    public required string Predictor { get; init; }

    /// <summary>
    /// The model that made vectors of prompts (see <see cref="Core.Embeddings.ITextEmbedder.ModelId"/>); null for none. Another one is
    /// refused.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Embedder { get; init; }

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
}
