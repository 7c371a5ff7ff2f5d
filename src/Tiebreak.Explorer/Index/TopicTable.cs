using Tiebreak.Core;

namespace Tiebreak.Explorer.Index;

/// <summary>
/// The topic of each battle that has one, in a table; empty until topics have been worked out in this run of the program.
/// </summary>
internal sealed class TopicTable
{
    /// <summary>The table.</summary>
    public const string Sql = "topics";

    private readonly IndexDatabase _database;
    private volatile bool _isKnown;

    public TopicTable(IndexDatabase database)
    {
        _database = database;
        database.Execute($"CREATE OR REPLACE TABLE {Sql} (number INTEGER, topic INTEGER)");
    }

    /// <summary>Takes topics.</summary>
    /// <param name="topics">The number of each battle, and its topic from 0; null where it has none.</param>
    public void Set(IEnumerable<(int Number, int? Topic)> topics)
    {
        _database.Execute($"DELETE FROM {Sql}");
        _database.Append(Sql, table =>
        {
            foreach (var (number, topic) in topics)
            {
                if (topic is { } known)
                    table.CreateRow().AppendValue(number).AppendValue(known).EndRow();
            }
        });
        _isKnown = true;
    }

    /// <summary>Refuses a question that needs topics before they are known.</summary>
    /// <exception cref="InputException">They are not.</exception>
    public void ThrowIfUnknown()
    {
        if (!_isKnown)
            throw new InputException("Topics are not known yet. Open the page Topics, which works them out.");
    }

    /// <summary>The topic of each battle, in the order of the files.</summary>
    public List<(int Number, string Id, int Topic, int Tokens)> Assignments() => _database.Ask(
        $"SELECT number, id, topic, tokens FROM battles JOIN {Sql} USING (number) ORDER BY number", [],
        row => (row.GetInt32(0), row.GetString(1), row.GetInt32(2), row.GetInt32(3)));

    /// <summary>The mean log loss of a judge by topic, of topics with votes that it has judged.</summary>
    /// <param name="judgeTable">The table of the judge.</param>
    public Dictionary<int, double> Losses(string judgeTable) => _database.Ask(
        $"SELECT topic, avg(loss) FROM {Sql} JOIN {judgeTable} USING (number) WHERE loss IS NOT NULL GROUP BY 1", [],
        row => (Topic: row.GetInt32(0), Loss: row.GetDouble(1))).ToDictionary(row => row.Topic, row => row.Loss);
}
