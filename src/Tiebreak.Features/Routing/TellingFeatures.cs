using System.Text.Json.Nodes;
using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.Routing;

/// <summary>What in prompts changes strengths most: the features by how far they typically move the models apart.</summary>
internal static class TellingFeatures
{
    private const int Shown = 10;

    public static JsonArray Of(PromptRatings ratings, IReadOnlyList<TermVector> prompts)
    {
        if (ratings.Features is not { } features)
            return [];

        var squares = new double[features.Count];
        foreach (var prompt in prompts)
        {
            for (var k = 0; k < prompt.Indices.Length; k++)
                squares[prompt.Indices[k]] += prompt.Values[k] * prompt.Values[k] / prompts.Count;
        }

        var models = ratings.Models.Count;
        return new JsonArray([.. Enumerable.Range(0, features.Count)
            .Select(k => (Feature: k, Weights: ratings.Weights.Slice(k * models, models).ToArray()))
            .Select(one => (one.Feature, one.Weights, Spread: Math.Sqrt(squares[one.Feature]) * (one.Weights.Max() - one.Weights.Min())))
            .Where(one => one.Spread > 0).OrderByDescending(one => one.Spread).ThenBy(one => one.Feature).Take(Shown)
            .Select(one => new JsonObject
            {
                ["feature"] = features.NameOf(one.Feature),
                ["spread"] = one.Spread,
                ["for"] = ratings.Models[Array.IndexOf(one.Weights, one.Weights.Max())],
                ["against"] = ratings.Models[Array.IndexOf(one.Weights, one.Weights.Min())],
            })]);
    }
}
