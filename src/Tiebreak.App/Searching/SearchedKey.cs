using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.App.Recipes;
using Tiebreak.Core;

namespace Tiebreak.App.Searching;

/// <summary>A key of a recipe and the values that are tried for it.</summary>
/// <param name="Key">The key, those of sections with a dot: <c>tuning.learning_rate</c>.</param>
/// <param name="Values">The values to choose from; null for a range.</param>
/// <param name="Low">The lower end of the range.</param>
/// <param name="High">The upper end of the range.</param>
/// <param name="IsWhole">Whether only whole numbers are drawn from the range.</param>
internal sealed record SearchedKey(string Key, IReadOnlyList<JsonNode?>? Values, double Low, double High, bool IsWhole)
{
    private const string RangeSign = "..";

    /// <summary>Reads <c>KEY=LOW..HIGH</c> or <c>KEY=[VALUE,VALUE]</c>. A range between whole numbers holds whole numbers.</summary>
    /// <exception cref="InputException">Neither of the two.</exception>
    public static SearchedKey Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var (key, values) = equals > 0 ? (text[..equals], text[(equals + 1)..]) : ("", text);
        var isList = key.Length > 0 && values.StartsWith('[');
        if (isList && YamlJson.ReadList($"The value of \"{key}\"", values) is JsonArray { Count: > 0 } list)
            return new SearchedKey(key, [.. list], 0, 0, IsWhole: false);

        var ends = values.Split(RangeSign);
        if (key.Length > 0 && ends.Length == 2 && Number(ends[0]) is { } low && Number(ends[1]) is { } high && low < high)
            return new SearchedKey(key, Values: null, low, high, ends.All(end => long.TryParse(end, CultureInfo.InvariantCulture, out _)));
        throw new InputException(
            $"`vary` {text} is not of the form key=low..high or key=[one,other]: tuning.learning_rate=1e-5..1e-4, tuning.lora.rank=[8,16].")
        {
            Parameters = ["vary"],
        };
    }

    /// <summary>
    /// The value at a place between 0 and 1. Above 0 equal distances stand for equal ratios, because it matters by how many times a
    /// learning rate or a penalty differs.
    /// </summary>
    public JsonNode? At(double place)
    {
        if (Values is not null)
            return Values[(int)(place * Values.Count)]?.DeepClone();
        var value = Low > 0 ? Low * Math.Pow(High / Low, place) : Low + ((High - Low) * place);
        return IsWhole ? JsonValue.Create((long)Math.Round(value)) : JsonValue.Create(Rounded(value));
    }

    /// <summary>The values as they are written: <c>1e-05..0.0001</c>.</summary>
    public override string ToString() => Values is null
        ? string.Create(CultureInfo.InvariantCulture, $"{Key}={Low:R}{RangeSign}{High:R}{(IsWhole ? " (whole)" : "")}")
        : $"{Key}={new JsonArray([.. Values.Select(value => value?.DeepClone())]).ToJsonString()}";

    // Three digits: more would only look exact.
    private static double Rounded(double value) =>
        double.Parse(value.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
