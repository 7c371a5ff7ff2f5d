using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Explorer.Index;

namespace Tiebreak.Explorer.Pages;

/// <summary>What the query string of an address asks for: a filter, an order, and what the page itself understands.</summary>
/// <param name="Filter">Which battles.</param>
/// <param name="Sort">In which order.</param>
internal sealed record BattleQuery(BattleFilter Filter, BattleSort Sort)
{
    private const string OrderKey = "sort";

    private IReadOnlyDictionary<string, string> Own { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Reads a query string.</summary>
    /// <param name="query">The query string.</param>
    /// <param name="own">The keys that the page understands beside the filter's.</param>
    /// <exception cref="InputException">A key or value is not known.</exception>
    public static BattleQuery Parse(IQueryCollection query, params ReadOnlySpan<string> own)
    {
        var (pairs, values) = (new List<KeyValuePair<string, string>>(), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var (key, texts) in query)
        {
            foreach (var text in texts.OfType<string>())
            {
                if (key is OrderKey || own.Contains(key))
                    values[key] = text;
                else
                    pairs.Add(KeyValuePair.Create(key, text));
            }
        }

        var sort = values.GetValueOrDefault(OrderKey) is { Length: > 0 } order ? BattleSort.Parse(order) : BattleSort.InFileOrder;
        return new BattleQuery(BattleFilter.Parse(pairs), sort) { Own = values };
    }

    /// <summary>The text of one of the page's own keys; null where it is empty or not there.</summary>
    public string? this[string key] => Own.GetValueOrDefault(key) is { Length: > 0 } value ? value : null;

    /// <summary>A number of one of the page's own keys.</summary>
    /// <exception cref="InputException">It is no number within the bounds.</exception>
    public int Number(string key, int otherwise, int least, int most)
    {
        if (this[key] is not { } text)
            return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new InputException($"{key} is a whole number from {least:N0} to {most:N0}.");
    }

    /// <summary>An address with the filter, the order, and keys of its page.</summary>
    /// <param name="path">The address without query string.</param>
    /// <param name="own">Keys of the page; those without a value are left out.</param>
    public string Address(string path, params IEnumerable<(string Key, string? Value)> own)
    {
        IEnumerable<string> parts =
        [
            Filter.ToQuery(), .. Sort == BattleSort.InFileOrder ? Array.Empty<string>() : [$"{OrderKey}={Sort}"],
            .. own.Where(pair => !string.IsNullOrEmpty(pair.Value)).Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value!)}"),
        ];
        var query = string.Join('&', parts.Where(part => part.Length > 0));
        return query.Length == 0 ? path : $"{path}?{query}";
    }

    /// <summary>The address of battles that meet one condition.</summary>
    public static string BattlesWith(string key, string value) => $"/battles?{key}={Uri.EscapeDataString(value)}";
}
