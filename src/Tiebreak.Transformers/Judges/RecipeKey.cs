using Tiebreak.Core;

namespace Tiebreak.Transformers.Judges;

/// <summary>Checks values of a recipe's keys.</summary>
internal static class RecipeKey
{
    /// <summary>What a name stands for.</summary>
    /// <param name="known">Names and what they stand for.</param>
    /// <param name="value">The name that the recipe has.</param>
    /// <param name="key">The key, with those of its sections before it.</param>
    /// <exception cref="InputException">The name is not known.</exception>
    public static T OneOf<T>(IReadOnlyDictionary<string, T> known, string value, string key) => known.TryGetValue(value, out var found)
        ? found
        : throw new InputException($"The recipe's key \"{key}\" is \"{value}\"; it must be one of {string.Join(", ", known.Keys)}.");

    /// <summary>Refuses a value.</summary>
    /// <param name="condition">Whether it is allowed.</param>
    /// <param name="key">The key, with those of its sections before it.</param>
    /// <param name="allowed">What is allowed, in words.</param>
    /// <exception cref="InputException">It is not allowed.</exception>
    public static void Require(bool condition, string key, string allowed)
    {
        if (!condition)
            throw new InputException($"The recipe's key \"{key}\" is out of range. Allowed: {allowed}.");
    }
}
