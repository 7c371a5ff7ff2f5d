using System.Globalization;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// The texts and numbers that lie within objects and lists of a row, by their paths, and which of them are probably meant by Tiebreak's
/// names: <c>outputs[0].text</c> and <c>outputs[1].text</c>, which differ in one step, are the two responses.
/// </summary>
internal sealed class PathsWithin
{
    private const int Deepest = 6;
    private const int MostPaths = 200;
    private const int ItemsLookedAt = 2;

    // What the text of a message is called, in most sets.
    private static readonly string[] Texts = ["CONTENT", "TEXT", "VALUE"];

    private readonly List<string[]> _paths = [];

    /// <summary>True where nothing lies within.</summary>
    public bool IsEmpty => _paths.Count == 0;

    /// <summary>What lies within a row.</summary>
    /// <param name="row">Its values by column; null for none.</param>
    public static PathsWithin Of(Dictionary<string, object?>? row)
    {
        var paths = new PathsWithin();
        foreach (var (column, value) in row ?? [])
            paths.Add([column], value is string text ? CellValue.Of(text) : value);
        return paths;
    }

    /// <summary>The path that is probably meant by a name of Tiebreak's; null where none or several are.</summary>
    public string? Guess(string name) => name switch
    {
        "prompt" => Only(steps => Array.Exists(UnknownLayout.Prompts, word => LastKey(steps).StartsWith(word, StringComparison.Ordinal))
                && !LastKey(steps).EndsWith("ID", StringComparison.Ordinal))
            ?? Only(steps => IsText(steps) && Array.Exists(UnknownLayout.Prompts, word => Holds(steps[0], word))),
        "winner" => Only(steps => Array.Exists(UnknownLayout.Winners, word => steps.Any(step => Holds(step, word)))),
        "response_a" => Side(ofModels: false)?.A,
        "response_b" => Side(ofModels: false)?.B,
        "model_a" => Side(ofModels: true)?.A,
        "model_b" => Side(ofModels: true)?.B,
        _ => null,
    };

    private void Add(string[] steps, object? value)
    {
        if (steps.Length > Deepest || _paths.Count >= MostPaths)
            return;
        if (value is Dictionary<string, object?> members)
        {
            foreach (var (key, member) in members)
                Add([.. steps, key], member);
        }
        else if (value is List<object?> items)
        {
            for (var i = 0; i < Math.Min(items.Count, ItemsLookedAt); i++)
                Add([.. steps, i.ToString(CultureInfo.InvariantCulture)], items[i]);
        }
        else if (steps.Length > 1 && value is not null)
        {
            _paths.Add(steps);
        }
    }

    private string? Only(Predicate<string[]> fits)
    {
        var found = _paths.FindAll(fits);
        return found.Count == 1 ? Text(found[0]) : null;
    }

    /// <summary>The only two paths that differ in one step, which says the side.</summary>
    private (string A, string B)? Side(bool ofModels)
    {
        var pairs = _paths.SelectMany(a => _paths.Where(b => AreSides(a, b) && AreModels(a) == ofModels
            && (ofModels || Array.Exists(UnknownLayout.Answers, word => a.Any(step => Holds(step, word))))).Select(b => (a, b))).ToList();
        if (pairs.Count > 1)
            pairs.RemoveAll(pair => !IsText(pair.a));
        return pairs.Count == 1 ? (Text(pairs[0].a), Text(pairs[0].b)) : null;
    }

    // The last key that is no side says what a value is: outputs[0].model is a model.
    private static bool AreModels(string[] steps) =>
        Array.FindLast(steps, step => !IsPlace(step) && step.Length > 1) is { } key
            && Array.Exists(UnknownLayout.Models, word => Holds(key, word));

    private static bool AreSides(string[] a, string[] b)
    {
        if (a.Length != b.Length)
            return false;
        var differ = Enumerable.Range(0, a.Length).Where(i => !string.Equals(a[i], b[i], StringComparison.Ordinal)).ToList();
        return differ.Count == 1 && (a[differ[0]], b[differ[0]]) is var (x, y)
            && ((x is "0" && y is "1") || UnknownLayout.SidesA.Zip(UnknownLayout.SidesB).Any(side =>
                ColumnMap.Spelling(x).EndsWith(side.First, StringComparison.Ordinal)
                && string.Equals(
                    ColumnMap.Spelling(x)[..^side.First.Length] + side.Second, ColumnMap.Spelling(y), StringComparison.Ordinal)));
    }

    private static bool IsText(string[] steps) => Texts.Contains(LastKey(steps), StringComparer.Ordinal);

    private static bool Holds(string step, string word) => ColumnMap.Spelling(step).Contains(word, StringComparison.Ordinal);

    private static string LastKey(string[] steps) => ColumnMap.Spelling(Array.FindLast(steps, step => !IsPlace(step)) ?? "");

    private static bool IsPlace(string step) => step.All(char.IsAsciiDigit);

    private static string Text(string[] steps) =>
        string.Concat(steps.Select((step, i) => IsPlace(step) ? $"[{step}]" : i == 0 ? step : $".{step}"));
}
