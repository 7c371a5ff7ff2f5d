using System.Buffers;

namespace Tiebreak.Core.Battles;

/// <summary>
/// Battles about the same opening prompt belong to one group: they must not be split between training and validation, and they
/// are not independent observations when an interval is computed.
/// </summary>
internal static class PromptGroup
{
    /// <summary>
    /// The key of a battle's group: its first prompt in lower case, without anything but letters and digits. A battle whose first prompt
    /// has none (null, blank, only signs) is grouped by the raw prompt, and alone where that is missing as well.
    /// </summary>
    public static string KeyOf(Battle battle)
    {
        var prompt = battle.Turns.Count > 0 ? battle.Turns[0].Prompt : null;
        if (string.IsNullOrWhiteSpace(prompt))
            return "#" + battle.Id;

        var lower = ArrayPool<char>.Shared.Rent(prompt.Length);
        var count = 0;
        foreach (var c in prompt)
        {
            if (char.IsLetterOrDigit(c))
                lower[count++] = char.IsAscii(c) ? (char)(c | 0x20) : char.ToLowerInvariant(c); // this bit tells a from A; digits have it
        }

        var key = count > 0 ? new string(lower, 0, count) : prompt;
        ArrayPool<char>.Shared.Return(lower);
        return key;
    }

    /// <summary>Numbers the groups of a list of battles 0, 1, 2... in order of first appearance.</summary>
    /// <returns>One group number per battle.</returns>
    public static int[] Number(IReadOnlyList<Battle> battles) => Number(battles.Select(KeyOf), StringComparer.Ordinal);

    /// <summary>
    /// The numbers that <see cref="Number(IReadOnlyList{Battle})"/> gives to some of the battles, from those that it gave to all.
    /// </summary>
    internal static int[] Renumber(IEnumerable<int> groups) => Number(groups, EqualityComparer<int>.Default);

    private static int[] Number<TKey>(IEnumerable<TKey> keys, IEqualityComparer<TKey> comparer)
        where TKey : notnull
    {
        var numbers = new Dictionary<TKey, int>(comparer);
        return
        [
            .. keys.Select(key =>
            {
                if (!numbers.TryGetValue(key, out var number))
                    numbers[key] = number = numbers.Count;
                return number;
            }),
        ];
    }
}
