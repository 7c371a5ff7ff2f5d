using System.Globalization;
using Tiebreak.Data.Facts;

namespace Tiebreak.Explorer.Index;

/// <summary>
/// Counts a selection in all ways by one statement: the battles that meet the filter are looked for once, and what is counted of them is
/// kept in memory for as long as the statement takes.
/// </summary>
internal static class CountsQuery
{
    private static readonly string[] Columns = ["winner", "turns", "language", "source"];
    private static readonly string[] Lengths = ["prompt_length", "length_a", "length_b", "tokens"];

    /// <summary>Counts.</summary>
    /// <param name="database">The database.</param>
    /// <param name="sql">The selection.</param>
    /// <param name="hasFindingsOfPlace">Whether the findings that depend on other battles are known.</param>
    public static BattleCounts Ask(IndexDatabase database, FilterSql sql, bool hasFindingsOfPlace)
    {
        string[] findings =
        [
            .. Finding.All.Where(finding => hasFindingsOfPlace || finding.Predicate is not null).Select(finding => finding.Column),
        ];
        var groups = database.Ask(Statement(sql, findings), sql.Values, row => new Group(
                row.GetString(0), row.IsDBNull(1) ? "" : row.GetString(1), row.GetInt64(2), row.GetInt32(3), row.GetInt32(4)))
            .ToLookup(group => group.Of, StringComparer.Ordinal);
        var winners = groups["winner"].ToDictionary(group => group.Name, group => group.Battles, StringComparer.Ordinal);
        return new BattleCounts
        {
            Battles = winners.Values.Sum(),
            Winners =
            [
                .. BattleFilter.AllWinners.Select(winner =>
                    new NamedCount(winner, winners.GetValueOrDefault(winner is BattleFilter.NoVerdict ? "" : winner))),
            ],
            Turns = [.. groups["turns"].OrderBy(group => int.Parse(group.Name, CultureInfo.InvariantCulture)).Select(group => group.Count)],
            Languages = Ranked("language"),
            Sources = Ranked("source"),
            Tags = Ranked("tag"),
            Models = Ranked("model"),
            Findings = [.. findings.Select(finding => new NamedCount(finding, groups[finding].Single().Battles))],
            Lengths =
            [
                .. Lengths.Select(column => new LengthHistogram(
                    column, [.. groups[column].OrderBy(bin => bin.Least).Select(bin => new LengthBin(bin.Least, bin.Most, bin.Battles))])),
            ],
        };

        IReadOnlyList<NamedCount> Ranked(string of) =>
        [
            .. groups[of].Where(group => group.Name.Length > 0).OrderByDescending(group => group.Battles)
                .ThenBy(group => group.Name, StringComparer.Ordinal).Select(group => group.Count),
        ];
    }

    private static string Statement(FilterSql sql, string[] findings)
    {
        // Without a condition there is nothing to look for, and every count reads the few columns that it needs from the table.
        var kept = sql.Condition is FilterSql.Anything ? "NOT MATERIALIZED" : "MATERIALIZED";
        string[] columns = [.. Columns, .. Lengths, "tags", "model_a", "model_b", .. findings];
        string[] counts =
        [
            .. Columns.Select(column => Count(column, $"{column}::VARCHAR", "those")),
            Count("tag", "tag", "(SELECT unnest(list_distinct(tags)) AS tag FROM those)"),
            Count("model", "model", "(SELECT model_a AS model FROM those UNION ALL "
                + "SELECT model_b FROM those WHERE model_a IS DISTINCT FROM model_b)"),
            .. Lengths.Select(Histogram),
            $"SELECT unnest([{string.Join(", ", findings.Select(finding => $"'{finding}'"))}]), NULL, "
                + $"unnest([{string.Join(", ", findings.Select(finding => $"count(*) FILTER ({finding})"))}]), 0, 0 FROM those",
        ];
        return $"WITH those AS {kept} (SELECT {string.Join(", ", columns)} {sql.Rows}) {string.Join(" UNION ALL ", counts)}";
    }

    private static string Count(string of, string name, string rows) => $"SELECT '{of}', {name}, count(*), 0, 0 FROM {rows} GROUP BY 2";

    private static string Histogram(string column) =>
        $"SELECT '{column}', NULL, count(*), min({column}), max({column}) FROM those "
        + $"GROUP BY CASE WHEN {column} = 0 THEN -1 ELSE floor(2 * log2({column})) END";

    /// <summary>Battles that have something in common.</summary>
    /// <param name="Of">What it is: a column, tag, model, or a finding.</param>
    /// <param name="Name">Its value; empty where there is none.</param>
    /// <param name="Battles">How many battles.</param>
    /// <param name="Least">Of lengths, the least.</param>
    /// <param name="Most">The greatest.</param>
    private readonly record struct Group(string Of, string Name, long Battles, int Least, int Most)
    {
        public NamedCount Count => new(Name, Battles);
    }
}
