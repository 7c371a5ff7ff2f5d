using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Explorer.Index;

/// <summary>
/// The preferences of judges: a table for each, with a row for each battle that the judge has come to. Of a battle that it could not judge
/// the preference is null; confidence, whether it is right, and the loss follow from preference and vote.
/// </summary>
internal sealed class JudgeTables
{
    private const string Columns = "a DOUBLE, b DOUBLE, tie DOUBLE, confidence DOUBLE, is_right BOOLEAN, loss DOUBLE";

    private readonly IndexDatabase _database;
    private readonly Lock _lock = new();
    private readonly List<Table> _tables;

    public JudgeTables(IndexDatabase database)
    {
        _database = database;
        database.Execute("CREATE TABLE IF NOT EXISTS judges (number INTEGER, name VARCHAR, key VARCHAR)");
        _tables = database.Ask(
            "SELECT number, name, key FROM judges ORDER BY number", [],
            row => new Table(row.GetInt32(0), row.GetString(1), row.GetString(2)));
        foreach (var table in _tables)
            table.Battles = database.Ask($"SELECT count(*) FROM {table.Sql}", [], row => (int)row.GetInt64(0))[0];
    }

    /// <summary>The judges, in the order in which they came.</summary>
    public IReadOnlyList<IndexedJudge> All
    {
        get
        {
            lock (_lock)
                return _tables.ConvertAll(table => new IndexedJudge(table.Name, table.Battles));
        }
    }

    /// <summary>The table of a judge.</summary>
    /// <param name="name">Its name; null for the first judge.</param>
    /// <exception cref="InputException">There is no such judge.</exception>
    public string SqlOf(string? name) => SqlOrNull(name) ?? throw new InputException(All is { Count: > 0 } judges
        ? $"There is no judge {name}; there are {string.Join(", ", judges.Select(judge => judge.Name))}."
        : "No judge has judged these battles. Start the explorer with `judge` BUNDLE, or with `predictions` FILE.");

    /// <summary>The table of a judge; null where there is none.</summary>
    public string? SqlOrNull(string? name) => TryFind(name)?.Sql;

    /// <summary>Begins or goes on with the preferences of a judge.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="key">What tells it from others: preferences under another key are thrown away.</param>
    /// <returns>How many battles it has come to.</returns>
    public int Begin(string name, string key)
    {
        lock (_lock)
        {
            if (TryFind(name) is { } known)
            {
                if (string.Equals(known.Key, key, StringComparison.Ordinal))
                    return known.Battles;
                _database.Ask("DELETE FROM judges WHERE number = ?", [known.Number], _ => 0);
                _database.Execute($"DROP TABLE {known.Sql}");
                _tables.Remove(known);
            }

            var table = new Table(_tables.Count == 0 ? 0 : _tables[^1].Number + 1, name, key);
            _database.Execute($"CREATE TABLE {table.Sql} (number INTEGER, {Columns})");
            _database.Ask("INSERT INTO judges VALUES (?, ?, ?)", [table.Number, name, key], _ => 0);
            _tables.Add(table);
            return 0;
        }
    }

    /// <summary>Adds the outcomes of the next battles.</summary>
    public void Append(string name, IReadOnlyList<Battle> battles, IReadOnlyList<JudgeOutcome> outcomes)
    {
        var table = TryFind(name)!;
        _database.Append(table.Sql, rows =>
        {
            for (var i = 0; i < battles.Count; i++)
            {
                var row = rows.CreateRow().AppendValue(table.Battles + i + 1);
                if (outcomes[i].Failure is not null)
                {
                    for (var column = 0; column < Columns.Split(',').Length; column++)
                        row.AppendNullValue();
                    row.EndRow();
                    continue;
                }

                var preference = outcomes[i].Preference;
                row.AppendValue(preference.A).AppendValue(preference.B).AppendValue(preference.Tie).AppendValue(preference[preference.Top]);
                if (battles[i].Verdict?.ToOutcome() is { } outcome)
                    row.AppendValue(preference.Top == outcome).AppendValue(LogLoss.Of(preference, Preference.Certain(outcome)));
                else
                    row.AppendNullValue().AppendNullValue();
                row.EndRow();
            }
        });
        table.Battles += battles.Count;
    }

    private Table? TryFind(string? name)
    {
        lock (_lock)
        {
            return name is null
                ? _tables.FirstOrDefault()
                : _tables.Find(table => string.Equals(table.Name, name, StringComparison.Ordinal));
        }
    }

    private sealed class Table(int number, string name, string key)
    {
        public int Number { get; } = number;

        public string Name { get; } = name;

        public string Key { get; } = key;

        public int Battles { get; set; }

        public string Sql => FormattableString.Invariant($"preferences_{Number}");
    }
}
