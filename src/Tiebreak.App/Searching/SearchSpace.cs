using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Randomness;

namespace Tiebreak.App.Searching;

/// <summary>The keys of a recipe that are varied, and what a trial has for them.</summary>
/// <param name="Keys">The keys.</param>
internal sealed record SearchSpace(IReadOnlyList<SearchedKey> Keys)
{
    // What is varied where nobody says: those of these keys that the recipe has, around the value that it has.
    private static readonly (string Key, Func<double, SearchedKey> Around)[] Usual =
    [
        ("tuning.learning_rate", value => Range("tuning.learning_rate", value / 3, value * 3)),
        ("tuning.lora.rank", value => Whole("tuning.lora.rank", value / 4, value * 2)),
        ("tuning.label_smoothing", _ => Range("tuning.label_smoothing", 0, 0.15)),
        ("max_tokens", value => Whole("max_tokens", value / 2, value)),
        ("boosting.learning_rate", value => Range("boosting.learning_rate", value / 2, value * 2)),
        ("boosting.leaves", value => Whole("boosting.leaves", value / 2, value * 4)),
        ("boosting.feature_fraction", _ => Range("boosting.feature_fraction", 0.1, 0.6)),
        ("linear.share", _ => Range("linear.share", 0, 0.8)),
        ("linear.l2", value => Range("linear.l2", value / 4, value * 4)),
    ];

    /// <summary>The space that was asked for, or the usual one.</summary>
    /// <param name="recipe">The keys of the recipe.</param>
    /// <param name="vary">Keys and ranges (see <see cref="SearchedKey.Parse"/>); none for the usual ones.</param>
    /// <exception cref="InputException">A range cannot be read, a key stands there twice, or the recipe has no usual key.</exception>
    public static SearchSpace Of(JsonObject recipe, IReadOnlyList<string> vary)
    {
        SearchedKey[] keys = vary.Count > 0
            ? [.. vary.Select(SearchedKey.Parse)]
            :
            [
                .. from usual in Usual
                   let value = NumberAt(recipe, usual.Key)
                   where value is not null
                   select usual.Around(value.Value),
            ];
        if (keys.CountBy(key => key.Key, StringComparer.Ordinal).FirstOrDefault(pair => pair.Value > 1) is { Key: { } twice })
            throw Wrong($"`vary` names the key {twice} twice.");
        return keys.Length > 0
            ? new SearchSpace(keys)
            : throw Wrong("The recipe has none of the keys that are usually searched. Say by `vary` what to try: key=low..high.");
    }

    /// <summary>
    /// What each trial has for each key; the first has the recipe's own values, which is none of these. Of each key the range is cut into
    /// as many parts as there are trials, and each trial has another part (Latin hypercube, McKay, Beckman and Conover 1979): few trials
    /// then cover every key as well as they can.
    /// </summary>
    /// <param name="trials">How many trials, the first one among them.</param>
    /// <param name="seed">Decides which trial has what.</param>
    public IReadOnlyList<JsonObject> Draw(int trials, ulong seed)
    {
        JsonObject[] drawn = [.. Enumerable.Range(0, trials).Select(_ => new JsonObject())];
        foreach (var (number, key) in Keys.Index())
        {
            var random = new SeededRandom(seed, (ulong)number);
            int[] parts = [.. Enumerable.Range(0, trials - 1)];
            random.Shuffle(parts.AsSpan());
            for (var trial = 1; trial < trials; trial++)
                drawn[trial][key.Key] = key.At((parts[trial - 1] + random.NextDouble()) / parts.Length);
        }

        return drawn;
    }

    /// <summary>The space in one line.</summary>
    public override string ToString() => string.Join(", ", Keys);

    // A whole number is another type than a fraction there.
    private static double? NumberAt(JsonNode? recipe, string key) =>
        key.Split('.').Aggregate(recipe, (section, name) => (section as JsonObject)?[name]) switch
        {
            JsonValue value when value.TryGetValue(out double fraction) => fraction,
            JsonValue value when value.TryGetValue(out long whole) => whole,
            _ => null,
        };

    private static SearchedKey Range(string key, double low, double high) => new(key, Values: null, low, high, IsWhole: false);

    private static SearchedKey Whole(string key, double low, double high) =>
        new(key, Values: null, Math.Max(1, Math.Floor(low)), Math.Ceiling(high), IsWhole: true);

    private static InputException Wrong(string message) => new(message) { Parameters = ["vary"] };
}
