using System.Globalization;
using Tiebreak.Core;

namespace Tiebreak.Ratings.Leaderboards;

/// <summary>What fixes the level of ratings, of which votes only tell differences.</summary>
/// <param name="Model">The model whose rating is given, or null: the mean of all.</param>
/// <param name="Rating">Its rating.</param>
public sealed record Anchor(string? Model, double Rating)
{
    /// <summary>The mean of all ratings is 1000.</summary>
    public static Anchor Mean { get; } = new(null, EloScale.Centre);

    /// <summary>Reads NAME=RATING, or mean=RATING.</summary>
    /// <exception cref="InputException">It is not of that form.</exception>
    public static Anchor Parse(string text)
    {
        var split = text.LastIndexOf('=');
        if (split <= 0 || !double.TryParse(text.AsSpan(split + 1), CultureInfo.InvariantCulture, out var rating)
            || !double.IsFinite(rating))
        {
            throw new InputException($"`anchor` {text} is not of the form MODEL=RATING or mean=RATING, for instance mean=1000.")
            {
                Parameters = ["anchor"],
            };
        }

        return new Anchor(text[..split] is "mean" ? null : text[..split], rating);
    }

    /// <summary>The place of the anchored model, or null for the mean.</summary>
    /// <exception cref="InputException">There is no such model.</exception>
    internal int? PlaceIn(IReadOnlyList<string> models)
    {
        if (Model is null)
            return null;
        for (var i = 0; i < models.Count; i++)
        {
            if (string.Equals(models[i], Model, StringComparison.Ordinal))
                return i;
        }

        throw new InputException($"The anchor {Model} is not among the {models.Count} models. "
            + $"The votes name {string.Join(", ", models.Take(5))}{(models.Count > 5 ? " ..." : "")}.");
    }
}
