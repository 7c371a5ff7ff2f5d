using System.Globalization;

namespace Tiebreak.Runs.Planning;

/// <summary>The unit of work: what a worker takes, finishes and hands in as one file.</summary>
/// <param name="Pass">What is asked.</param>
/// <param name="Number">Its place in the pass, from 0.</param>
/// <param name="Rows">Places of its battles in the data, from 0.</param>
/// <param name="Tokens">Estimated tokens of all its battles; see <see cref="TokenCost"/>.</param>
internal sealed record Shard(RunPass Pass, int Number, int[] Rows, long Tokens)
{
    private const char Separator = '-';

    /// <summary>For instance "first-00042"; of a part, "first-00042-7-19": its rows 7 to 18.</summary>
    public string Name { get; private init; } = NameOf(Pass, Number);

    /// <summary>The name of the whole shard, also for a part of it: what is leased.</summary>
    public string Whole => NameOf(Pass, Number);

    /// <summary>Of a part, the place of its first row in the shard; 0 for a whole shard.</summary>
    public int From { get; private init; }

    /// <summary>Whether a name is that of a part.</summary>
    public static bool IsPart(string name) => name.AsSpan().Count(Separator) > 1;

    /// <summary>The name of the whole shard that a part belongs to; a whole shard's own name.</summary>
    public static string WholeOf(string name) =>
        IsPart(name) ? name[..name.IndexOf(Separator, name.IndexOf(Separator, StringComparison.Ordinal) + 1)] : name;

    /// <summary>
    /// Some neighbours among its rows, handed in as a file of their own where time is too short for the whole shard. Whoever has more time
    /// does the whole shard.
    /// </summary>
    /// <param name="start">The first of them, from 0 in this shard or part.</param>
    /// <param name="count">How many.</param>
    /// <param name="tokens">The estimated tokens of all rows of the run.</param>
    public Shard Slice(int start, int count, IReadOnlyList<long> tokens)
    {
        var rows = Rows[start..(start + count)];
        var from = From + start;
        return new Shard(Pass, Number, rows, rows.Sum(row => tokens[row]))
        {
            From = from,
            Name = string.Create(CultureInfo.InvariantCulture, $"{Whole}{Separator}{from}{Separator}{from + count}"),
        };
    }

    /// <summary>The shard of the second order with the same rows, where all battles are judged in both.</summary>
    public Shard InSecondOrder() => new(RunPass.Second, Number, Rows, Tokens);

    /// <summary>The part of that name; null where this shard has no such part.</summary>
    public Shard? Part(string name, IReadOnlyList<long> tokens)
    {
        var numbers = name.Split(Separator);
        return numbers.Length == 4 && int.TryParse(numbers[2], NumberStyles.None, CultureInfo.InvariantCulture, out var from) &&
            int.TryParse(numbers[3], NumberStyles.None, CultureInfo.InvariantCulture, out var to) && from < to && to <= Rows.Length
            ? Slice(from, to - from, tokens)
            : null;
    }

    /// <summary>What the names of a pass's shards begin with.</summary>
    public static string Prefix(RunPass pass) => pass switch
    {
        RunPass.Fallback => "fallback-",
        RunPass.First => "first-",
        _ => "second-",
    };

    /// <summary>
    /// What nobody has judged yet of a shard that was begun in parts; null where that is nothing. Parts are taken from its end in the first
    /// order and from its beginning in the second, as <see cref="Scoring.TimeKeeper.FittingParts"/> chooses them.
    /// </summary>
    /// <param name="parts">Names of the parts that are finished.</param>
    /// <param name="tokens">The estimated tokens of all rows of the run.</param>
    public Shard? Rest(IEnumerable<string> parts, IReadOnlyList<long> tokens)
    {
        var (from, to) = (0, Rows.Length);
        foreach (var part in parts.Select(name => Part(name, tokens)).OfType<Shard>())
            (from, to) = Pass == RunPass.First ? (from, Math.Min(to, part.From)) : (Math.Max(from, part.From + part.Rows.Length), to);
        return from == to ? null : to - from == Rows.Length ? this : Slice(from, to - from, tokens);
    }

    private static string NameOf(RunPass pass, int number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix(pass)}{number:D5}");
}
