using Tiebreak.Core;

namespace Tiebreak.Explorer.Index;

/// <summary>In which order battles come; equal ones in the order of the files.</summary>
/// <param name="Key">What they are ordered by, of <see cref="Keys"/>.</param>
/// <param name="IsDescending">Greatest first. Battles without a value come last either way.</param>
internal readonly record struct BattleSort(string Key, bool IsDescending)
{
    /// <summary>The order of the files.</summary>
    public const string ByNumber = "number";

    // What each key is in SQL. The last two are columns of a judge's table.
    private static readonly OrderedDictionary<string, string> Expressions = new(StringComparer.Ordinal)
    {
        [ByNumber] = "number",
        ["length"] = "prompt_length + length_a + length_b",
        ["difference"] = "abs(length_a - length_b)",
        ["turns"] = "turns",
        ["tokens"] = "tokens",
        ["time"] = "epoch_us(tstamp)",
        ["confidence"] = "confidence",
        ["loss"] = "loss",
    };

    /// <summary>The order of the files, first to last.</summary>
    public static BattleSort InFileOrder { get; } = new(ByNumber, IsDescending: false);

    /// <summary>The keys of a query string.</summary>
    public static IReadOnlyList<string> Keys { get; } = [.. Expressions.Keys];

    /// <summary>Whether it is the order of the files, first to last or last to first.</summary>
    public bool IsByNumber => Key is ByNumber;

    /// <summary>Whether it needs the preferences of a judge.</summary>
    public bool AsksJudge => Key is "confidence" or "loss";

    /// <summary>What stands behind ORDER BY; of a value as it is DuckDB keeps the first ones without sorting the others.</summary>
    internal string Order => IsByNumber
        ? $"number{(IsDescending ? " DESC" : "")}"
        : $"{Expressions[Key]} {(IsDescending ? "DESC" : "ASC")} NULLS LAST, number";

    /// <summary>The value that battles are ordered by, in SQL: a number, infinite where there is none, so that it comes last.</summary>
    internal string Value => IsByNumber
        ? Expressions[Key]
        : $"coalesce(({Expressions[Key]})::DOUBLE, '{(IsDescending ? "-" : "")}infinity'::DOUBLE)";

    /// <summary>Reads an order from a query string: <c>loss</c>, or <c>-loss</c> for the greatest first.</summary>
    /// <exception cref="InputException">The key is not known.</exception>
    public static BattleSort Parse(string text)
    {
        var (key, isDescending) = text.StartsWith('-') ? (text[1..], true) : (text, false);
        return Expressions.ContainsKey(key)
            ? new BattleSort(key, isDescending)
            : throw new InputException($"Battles cannot be sorted by that; they can by {string.Join(", ", Keys)}.");
    }

    /// <summary>The order as a query string has it.</summary>
    public override string ToString() => IsDescending ? $"-{Key}" : Key;
}
