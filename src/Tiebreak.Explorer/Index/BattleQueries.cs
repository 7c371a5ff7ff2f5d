using Tiebreak.Core.Battles;
using Tiebreak.Ratings.Leaderboards;

namespace Tiebreak.Explorer.Index;

/// <summary>The questions that are asked of the table of battles.</summary>
internal sealed class BattleQueries(IndexDatabase database)
{
    private const int IdsTogether = 1_000;

    public BattlePage Page(FilterSql sql, BattleSort sort, long offset, int size, string? judgeTable)
    {
        var total = Count(sql);
        return new BattlePage(Lines(Numbers(sql, sort, offset, size), judgeTable), offset, total);
    }

    /// <summary>The numbers of a page.</summary>
    public List<int> Numbers(FilterSql sql, BattleSort sort, long offset, int size) => database.Ask(
        $"SELECT number {sql.Rows} ORDER BY {sort.Order} LIMIT ? OFFSET ?", [.. sql.Values, (long)size, offset], row => row.GetInt32(0));

    public long Count(FilterSql sql) => database.Ask($"SELECT count(*) {sql.Rows}", sql.Values, row => row.GetInt64(0))[0];

    public ModelMatrix Matrix(FilterSql sql, int most)
    {
        var votes = database.Ask(
            $"SELECT model_a, model_b, winner, count(*) FROM {sql.From} WHERE ({sql.Condition}) "
            + "AND model_a IS NOT NULL AND model_b IS NOT NULL AND winner IS NOT NULL GROUP BY ALL",
            sql.Values, row => (A: row.GetString(0), B: row.GetString(1), Winner: row.GetString(2), Battles: row.GetInt64(3)));
        var shown = ByBattles().Take(most).ToHashSet(StringComparer.Ordinal);
        votes.RemoveAll(vote =>
            !shown.Contains(vote.A) || !shown.Contains(vote.B) || string.Equals(vote.A, vote.B, StringComparison.Ordinal));
        string[] models = [.. ByBattles()]; // among each other; who met none of the others is left out
        var places = models.Index().ToDictionary(model => model.Item, model => model.Index, StringComparer.Ordinal);
        var (battles, wins) = (new long[models.Length, models.Length], new long[models.Length, models.Length]);
        foreach (var vote in votes)
        {
            var (a, b) = (places[vote.A], places[vote.B]);
            battles[a, b] += vote.Battles;
            battles[b, a] += vote.Battles;
            if (vote.Winner is "model_a")
                wins[a, b] += vote.Battles;
            else if (vote.Winner is "model_b")
                wins[b, a] += vote.Battles;
        }

        return new ModelMatrix(models, battles, wins);

        IEnumerable<string> ByBattles() => votes.SelectMany(vote => new[] { (Model: vote.A, vote.Battles), (Model: vote.B, vote.Battles) })
            .GroupBy(side => side.Model, side => side.Battles, StringComparer.Ordinal)
            .OrderByDescending(model => model.Sum()).ThenBy(model => model.Key, StringComparer.Ordinal).Select(model => model.Key);
    }

    public bool HasTimes() => database.Ask("SELECT number FROM battles WHERE tstamp IS NOT NULL LIMIT 1", [], _ => true).Count > 0;

    /// <summary>Votes on two different models by period, the earliest first.</summary>
    public List<PeriodVotes> VotesByPeriod(FilterSql sql, HistoryPeriod period)
    {
        var (unit, name) = period switch
        {
            HistoryPeriod.Week => ("week", "strftime(start, '%Y-%m-%d')"),
            HistoryPeriod.Month => ("month", "strftime(start, '%Y-%m')"),
            HistoryPeriod.Quarter => ("quarter", "concat(year(start), '-Q', quarter(start))"),
            _ => ("year", "year(start)::VARCHAR"),
        };
        return database.Ask(
            $"SELECT {name}, model_a, model_b, winner, count(*) "
            + $"FROM (SELECT date_trunc('{unit}', tstamp) AS start, model_a, model_b, winner FROM {sql.From} WHERE ({sql.Condition}) "
            + "AND tstamp IS NOT NULL AND winner IS NOT NULL AND model_a <> model_b) GROUP BY start, 2, 3, 4 ORDER BY start, 2, 3, 4",
            sql.Values,
            row => new PeriodVotes(
                row.GetString(0), row.GetString(1), row.GetString(2), BattleColumns.VerdictAt(row, 3)!.Value, (int)row.GetInt64(4)));
    }

    public BattleLine? Line(int number, string? judgeTable) => Lines([number], judgeTable).FirstOrDefault();

    /// <summary>The number of the first battle with an id; null where there is none.</summary>
    public int? NumberOf(string id) => First("SELECT min(number) FROM battles WHERE id = ?", [id]);

    /// <summary>The votes of the first battles with some ids.</summary>
    public Dictionary<string, Verdict?> Verdicts(IReadOnlyList<string> ids) => ids.Chunk(IdsTogether).SelectMany(part => database.Ask(
            $"SELECT id, first(winner ORDER BY number) FROM battles WHERE id IN ({Marks(part.Length)}) GROUP BY id", part,
            row => KeyValuePair.Create(row.GetString(0), BattleColumns.VerdictAt(row, 1))))
        .ToDictionary(StringComparer.Ordinal);

    /// <summary>Of all battles that meet a filter, in their order, what is not in the texts.</summary>
    public List<StoredBattle> Stored(FilterSql sql) => database.Ask(
        $"SELECT number, turns, winner, tstamp {sql.Rows} ORDER BY number", sql.Values,
        row => new StoredBattle(row.GetInt32(0), row.GetInt32(1), BattleColumns.VerdictAt(row, 2), BattleColumns.TimeAt(row, 3)));

    /// <summary>The same of the battles from one number to another, both included.</summary>
    public List<StoredBattle> Stored(int first, int last) => Stored(new FilterSql("battles", "number BETWEEN ? AND ?", [first, last]));

    public BattleNeighbours Neighbours(FilterSql sql, BattleSort sort, int number)
    {
        return new BattleNeighbours(Beside(forward: false), Beside(forward: true));

        int? Beside(bool forward)
        {
            // Behind a battle in the order: greater where it ascends. Equal battles are in the order of their numbers either way.
            var (byValue, byNumber) = (forward != sort.IsDescending ? ">" : "<", forward ? ">" : "<");
            if (sort.IsByNumber)
            {
                return First(
                    $"SELECT {(byValue is ">" ? "min" : "max")}(number) FROM {sql.From} WHERE ({sql.Condition}) AND number {byValue} ?",
                    [.. sql.Values, number]);
            }

            var order = $"value {(byValue is ">" ? "ASC" : "DESC")}, number {(forward ? "ASC" : "DESC")}";
            return First(
                $"SELECT number FROM (SELECT number, {sort.Value} AS value {sql.Rows}) AS those, "
                + $"(SELECT {sort.Value} AS its FROM {sql.From} WHERE number = ?) "
                + $"WHERE value {byValue} its OR (value = its AND number {byNumber} ?) ORDER BY {order} LIMIT 1",
                [.. sql.Values, number, number]);
        }
    }

    private static string Marks(int count) => string.Join(", ", Enumerable.Repeat('?', count));

    private int? First(string statement, IEnumerable<object> values) =>
        database.Ask(statement, values, row => row.IsDBNull(0) ? (int?)null : row.GetInt32(0)).FirstOrDefault();

    /// <summary>Lines of some battles, in the order of the numbers, with the preferences of a judge where there is one.</summary>
    public List<BattleLine> Lines(IReadOnlyList<int> numbers, string? judgeTable)
    {
        if (numbers.Count == 0)
            return [];
        var (those, values) = ($"number IN ({Marks(numbers.Count)})", numbers.Cast<object>().ToArray());
        var lines = database.Ask($"SELECT {BattleColumns.OfLine} FROM battles WHERE {those}", values, BattleColumns.ReadLine)
            .ToDictionary(line => line.Number);
        var judged = judgeTable is null ? [] : database.Ask(
            $"SELECT number, a, b, tie, loss FROM {judgeTable} WHERE a IS NOT NULL AND {those}", values,
            row => (Number: row.GetInt32(0), Preference: new Preference(row.GetDouble(1), row.GetDouble(2), row.GetDouble(3)),
                Loss: row.IsDBNull(4) ? (double?)null : row.GetDouble(4)));
        foreach (var (number, preference, loss) in judged)
            lines[number] = lines[number] with { Preference = preference, Loss = loss };
        return [.. numbers.Where(lines.ContainsKey).Select(number => lines[number])];
    }
}
