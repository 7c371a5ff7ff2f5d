using DuckDB.NET.Data;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Facts;

namespace Tiebreak.Explorer.Index;

/// <summary>
/// The table <c>battles</c>: a row for each battle, with the columns of <see cref="FactColumn.All"/>, its number, tags and beginning, and
/// the findings that depend on other battles, which are null until they are known.
/// </summary>
/// <remarks>
/// The column <c>found</c> has a bit for each finding, in the order of <see cref="BattleFilter.AllFindings"/>: to read a few lines takes a
/// time that grows with the number of columns.
/// </remarks>
internal static class BattleColumns
{
    private const int PromptStartLength = 160;

    /// <summary>Findings that depend on other battles.</summary>
    public static IReadOnlyList<Finding> FindingsOfPlace { get; } = [.. Finding.All.Where(finding => finding.Predicate is null)];

    /// <summary>The statement that creates the table.</summary>
    public static string Create { get; } =
        $"CREATE TABLE battles (number INTEGER, {string.Join(", ", FactColumn.All.Select(column => $"{column.Name} {TypeOf(column)}"))}, "
        + "tags VARCHAR[], prompt_start VARCHAR, found INTEGER, "
        + $"{string.Join(", ", FindingsOfPlace.Select(finding => $"{finding.Column} BOOLEAN"))})";

    /// <summary>The columns that make a <see cref="BattleLine"/>, in the order in which <see cref="ReadLine"/> reads them.</summary>
    public static string OfLine { get; } =
        "number, id, model_a, model_b, winner, prompt_start, turns, prompt_length, length_a, length_b, tokens, language, source, tstamp, "
        + "found";

    /// <summary>Appends a battle.</summary>
    /// <param name="table">The table.</param>
    /// <param name="number">The battle's number.</param>
    /// <param name="battle">The battle.</param>
    /// <param name="facts">Its facts.</param>
    public static void Append(DuckDBAppender table, int number, Battle battle, BattleFacts facts)
    {
        var row = table.CreateRow().AppendValue(number);
        foreach (var column in FactColumn.All)
        {
            row = column.Of(facts) switch
            {
                null => row.AppendNullValue(),
                string text => row.AppendValue(text),
                int count => row.AppendValue(count),
                bool isSo => row.AppendValue(isSo),
                ulong key => row.AppendValue(key),
                DateTimeOffset time => row.AppendValue(time.UtcDateTime),
                var other => throw new InvalidOperationException($"{column.Name} is a {other.GetType()}."),
            };
        }

        row = facts.Tags is { } tags ? row.AppendValue(tags) : row.AppendNullValue();
        row.AppendValue(StartOf(battle)).AppendValue(Finding.All.Index()
            .Where(finding => finding.Item.Predicate?.Invoke(facts) ?? false).Sum(finding => BitOf(finding.Index)));
        foreach (var _ in FindingsOfPlace)
            row.AppendNullValue();
        row.EndRow();
    }

    /// <summary>Makes a line of the columns <see cref="OfLine"/>.</summary>
    public static BattleLine ReadLine(DuckDBDataReader row)
    {
        var found = row.GetInt32(14);
        return new BattleLine
        {
            Number = row.GetInt32(0),
            Id = row.GetString(1),
            ModelA = TextAt(row, 2),
            ModelB = TextAt(row, 3),
            Verdict = VerdictAt(row, 4),
            PromptStart = row.GetString(5),
            Turns = row.GetInt32(6),
            PromptLength = row.GetInt32(7),
            LengthA = row.GetInt32(8),
            LengthB = row.GetInt32(9),
            Tokens = row.GetInt32(10),
            Language = row.GetString(11),
            Source = TextAt(row, 12),
            Timestamp = TimeAt(row, 13),
            Findings = [.. BattleFilter.AllFindings.Where((_, i) => (found & BitOf(i)) != 0)],
        };
    }

    /// <summary>The bit of a finding in the column <c>found</c>.</summary>
    /// <param name="finding">Its place in <see cref="BattleFilter.AllFindings"/>.</param>
    public static int BitOf(int finding) => 1 << finding;

    /// <summary>The verdict in a column of winners.</summary>
    public static Verdict? VerdictAt(DuckDBDataReader row, int column) => VerdictText.OfWord(TextAt(row, column));

    /// <summary>The time in a column of times.</summary>
    public static DateTimeOffset? TimeAt(DuckDBDataReader row, int column) =>
        row.IsDBNull(column) ? null : new DateTimeOffset(row.GetDateTime(column), TimeSpan.Zero);

    private static string? TextAt(DuckDBDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static string TypeOf(FactColumn column) => column.Type switch
    {
        var type when type == typeof(string) => "VARCHAR",
        var type when type == typeof(int) => "INTEGER",
        var type when type == typeof(bool) => "BOOLEAN",
        var type when type == typeof(ulong) => "UBIGINT",
        var type when type == typeof(DateTimeOffset) => "TIMESTAMP",
        var type => throw new InvalidOperationException($"{column.Name} is a {type}."),
    };

    /// <summary>The beginning of the first prompt that says something; line ends and other white space become single spaces.</summary>
    private static string StartOf(Battle battle)
    {
        var prompt = battle.Turns.Select(turn => turn.Prompt).FirstOrDefault(prompt => !string.IsNullOrWhiteSpace(prompt)) ?? "";
        var words = prompt[..Math.Min(prompt.Length, 2 * PromptStartLength)].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var start = string.Join(' ', words);
        if (start.Length <= PromptStartLength)
            return start;
        var end = char.IsHighSurrogate(start[PromptStartLength - 1]) ? PromptStartLength - 1 : PromptStartLength;
        return start[..end];
    }
}
