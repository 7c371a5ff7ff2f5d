using System.Text.Json.Nodes;

namespace Tiebreak.Core.Routing;

/// <summary>
/// What training gives: predictors that look at prompts, the same without prompts, and both once more for every fold, trained without it.
/// </summary>
public sealed record TrainedPromptPredictor
{
    /// <summary>The predictor trained on all battles.</summary>
    public required IPromptPredictor WithPrompts { get; init; }

    /// <summary>The same with one prediction for all prompts.</summary>
    public required IPromptPredictor WithoutPrompts { get; init; }

    /// <summary>Of each fold: the predictor that has not seen it, nor been chosen by it.</summary>
    public required IReadOnlyList<IPromptPredictor> OfFold { get; init; }

    /// <summary>Of each fold: the predictor without prompts that has not seen it.</summary>
    public required IReadOnlyList<IPromptPredictor> OfFoldWithoutPrompts { get; init; }

    /// <summary>Writes one of <see cref="WithPrompts"/> and <see cref="WithoutPrompts"/> into a folder.</summary>
    public required Func<IPromptPredictor, string, Task> SaveAsync { get; init; }

    /// <summary>What the training found out, for people and machines: penalties, features.</summary>
    public JsonObject Report { get; init; } = [];
}
