using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Training;

namespace Tiebreak.App.Recipes;

/// <summary>
/// The keys of every recipe that say how the judge is validated: <c>folds</c> or <c>holdout</c>, and five folds without both.
/// </summary>
internal static class ValidationKeys
{
    /// <summary>Takes the keys out of a recipe.</summary>
    /// <exception cref="InputException">Both are there, or the value of one is impossible.</exception>
    public static Validation Take(JsonObject recipe)
    {
        recipe.Remove("folds", out var folds);
        recipe.Remove("holdout", out var holdout);
        return (folds, holdout) switch
        {
            (null, null) => Validation.Default,
            (not null, not null) => throw new InputException(
                "The recipe has both keys \"folds\" and \"holdout\"; a judge is validated by one of the two."),
            (not null, null) => new CrossValidation(ReadFolds(folds)),
            (null, not null) => new Holdout(ReadShare(holdout)),
        };
    }

    private static int ReadFolds(JsonNode folds) =>
        folds is JsonValue value && value.TryGetValue(out long count) && count is >= 2 and <= 100
            ? (int)count
            : throw new InputException($"The recipe's key \"folds\" is {folds.ToJsonString()}; it must be a whole number from 2 to 100.");

    private static double ReadShare(JsonNode holdout) =>
        holdout is JsonValue value && value.TryGetValue(out double share) && share is > 0 and <= Holdout.MaxShare
            ? share
            : throw new InputException(
                $"The recipe's key \"holdout\" is {holdout.ToJsonString()}; it must be a share above 0 and at most {Holdout.MaxShare}.");
}
