using Tiebreak.Data.Facts;

namespace Tiebreak.Explorer.Index;

/// <summary>The questions that are asked of the table of battles.</summary>
internal sealed class BattleQueries(IndexDatabase database)
{
    private static readonly string[] Lengths = ["prompt_length", "length_a", "length_b", "tokens"];

    public BattlePage Page(BattleFilter filter, BattleSort sort, long offset, int size)
    {
        var sql = FilterSql.Of(filter, judgeTable: null);
        var total = Count(sql);
        var order = $"{sort.Expression} {(sort.IsDescending ? "DESC" : "ASC")}{(sort.IsByNumber ? "" : ", number")}";
        var numbers = database.Ask(
            $"SELECT number FROM battles WHERE {sql.Condition} ORDER BY {order} LIMIT ? OFFSET ?", [.. sql.Values, (long)size, offset],
            row => row.GetInt32(0));
        return new BattlePage(Lines(numbers), offset, total);
    }

    public BattleCounts Counts(BattleFilter filter, bool hasFindingsOfPlace)
    {
        var sql = FilterSql.Of(filter, judgeTable: null);
        var winners = By("winner", sql).ToDictionary(count => count.Name, count => count.Battles, StringComparer.Ordinal);
        return new BattleCounts
        {
            Battles = Count(sql),
            Winners =
            [
                .. BattleFilter.AllWinners.Select(winner =>
                    new NamedCount(winner, winners.GetValueOrDefault(winner is BattleFilter.NoVerdict ? "" : winner))),
            ],
            Turns = By("turns", sql, "1"),
            Languages = By("language", sql),
            Sources = [.. By("source", sql).Where(count => count.Name.Length > 0)],
            Tags = Ask(
                $"SELECT tag, count(*) FROM (SELECT unnest(list_distinct(tags)) AS tag FROM battles WHERE {sql.Condition}) "
                + "GROUP BY 1 ORDER BY 2 DESC, 1", sql.Values),
            Models = Ask(
                "SELECT model, sum(battles)::BIGINT FROM ("
                + $"SELECT model_a AS model, count(*) AS battles FROM battles WHERE {sql.Condition} GROUP BY 1 UNION ALL "
                + $" SELECT model_b, count(*) FROM battles WHERE ({sql.Condition}) AND model_a IS DISTINCT FROM model_b GROUP BY 1) "
                + "WHERE model IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1", [.. sql.Values, .. sql.Values]),
            Findings = Findings(sql, hasFindingsOfPlace),
            Lengths = [.. Lengths.Select(column => new LengthHistogram(column, Histogram(column, sql)))],
        };
    }

    public ModelMatrix Matrix(BattleFilter filter, int most)
    {
        var sql = FilterSql.Of(filter, judgeTable: null);
        var votes = database.Ask(
            $"SELECT model_a, model_b, winner, count(*) FROM battles WHERE ({sql.Condition}) "
            + "AND model_a IS NOT NULL AND model_b IS NOT NULL AND winner IS NOT NULL GROUP BY ALL",
            sql.Values, row => (A: row.GetString(0), B: row.GetString(1), Winner: row.GetString(2), Battles: row.GetInt64(3)));
        string[] models =
        [
            .. votes.SelectMany(vote => new[] { (Model: vote.A, vote.Battles), (Model: vote.B, vote.Battles) })
                .GroupBy(side => side.Model, side => side.Battles, StringComparer.Ordinal)
                .OrderByDescending(model => model.Sum()).ThenBy(model => model.Key, StringComparer.Ordinal)
                .Take(most).Select(model => model.Key),
        ];
        var places = models.Index().ToDictionary(model => model.Item, model => model.Index, StringComparer.Ordinal);
        var (battles, wins) = (new long[models.Length, models.Length], new long[models.Length, models.Length]);
        foreach (var vote in votes)
        {
            if (!places.TryGetValue(vote.A, out var a) || !places.TryGetValue(vote.B, out var b) || a == b)
                continue;
            battles[a, b] += vote.Battles;
            battles[b, a] += vote.Battles;
            if (vote.Winner is "model_a")
                wins[a, b] += vote.Battles;
            else if (vote.Winner is "model_b")
                wins[b, a] += vote.Battles;
        }

        return new ModelMatrix(models, battles, wins);
    }

    public BattleLine? Line(int number) => Lines([number]).FirstOrDefault();

    public BattleLine? Line(string id)
    {
        return First("SELECT min(number) FROM battles WHERE id = ?", [id]) is { } number ? Line(number) : null;
    }

    public BattleNeighbours Neighbours(BattleFilter filter, BattleSort sort, int number)
    {
        var sql = FilterSql.Of(filter, judgeTable: null);
        return new BattleNeighbours(Beside(forward: false), Beside(forward: true));

        int? Beside(bool forward)
        {
            // Behind a battle in the order: greater where it ascends. Equal battles are in the order of their numbers either way.
            var (byValue, byNumber) = (forward != sort.IsDescending ? ">" : "<", forward ? ">" : "<");
            if (sort.IsByNumber)
            {
                return First(
                    $"SELECT {(byValue is ">" ? "min" : "max")}(number) FROM battles WHERE ({sql.Condition}) AND number {byValue} ?",
                    [.. sql.Values, number]);
            }

            var order = $"value {(byValue is ">" ? "ASC" : "DESC")}, number {(forward ? "ASC" : "DESC")}";
            return First(
                $"SELECT number FROM (SELECT number, {sort.Expression} AS value FROM battles WHERE {sql.Condition}) AS those, "
                + $"(SELECT {sort.Expression} AS its FROM battles WHERE number = ?) "
                + $"WHERE value {byValue} its OR (value = its AND number {byNumber} ?) ORDER BY {order} LIMIT 1",
                [.. sql.Values, number, number]);
        }
    }

    private int? First(string statement, IEnumerable<object> values) =>
        database.Ask(statement, values, row => row.IsDBNull(0) ? (int?)null : row.GetInt32(0)).FirstOrDefault();

    private long Count(FilterSql sql) =>
        database.Ask($"SELECT count(*) FROM battles WHERE {sql.Condition}", sql.Values, row => row.GetInt64(0))[0];

    /// <summary>Lines of some battles, in the order of the numbers.</summary>
    private List<BattleLine> Lines(IReadOnlyList<int> numbers)
    {
        if (numbers.Count == 0)
            return [];
        var lines = database.Ask(
            $"SELECT {BattleColumns.OfLine} FROM battles WHERE number IN ({string.Join(", ", numbers.Select(_ => "?"))})",
            numbers.Cast<object>(), BattleColumns.ReadLine).ToDictionary(line => line.Number);
        return [.. numbers.Where(lines.ContainsKey).Select(number => lines[number])];
    }

    private List<NamedCount> By(string column, FilterSql sql, string order = "2 DESC, 1") => Ask(
        $"SELECT {column}, count(*) FROM battles WHERE {sql.Condition} GROUP BY 1 ORDER BY {order}", sql.Values);

    private List<NamedCount> Ask(string statement, IReadOnlyList<object> values) => database.Ask(statement, values, row => new NamedCount(
        row.IsDBNull(0) ? "" : FormattableString.Invariant($"{row.GetValue(0)}"), row.GetInt64(1)));

    private List<NamedCount> Findings(FilterSql sql, bool hasFindingsOfPlace)
    {
        string[] columns =
        [
            .. Finding.All.Where(finding => hasFindingsOfPlace || finding.Predicate is not null).Select(finding => finding.Column),
        ];
        return database.Ask(
            $"SELECT {string.Join(", ", columns.Select(column => $"count(*) FILTER ({column})"))} FROM battles WHERE {sql.Condition}",
            sql.Values, row => columns.Select((column, i) => new NamedCount(column, row.GetInt64(i))).ToList())[0];
    }

    private List<LengthBin> Histogram(string column, FilterSql sql) => database.Ask(
        $"SELECT min({column}), max({column}), count(*) FROM battles WHERE {sql.Condition} "
        + $"GROUP BY CASE WHEN {column} = 0 THEN -1 ELSE floor(2 * log2({column})) END ORDER BY 1",
        sql.Values, row => new LengthBin(row.GetInt32(0), row.GetInt32(1), row.GetInt64(2)));
}
