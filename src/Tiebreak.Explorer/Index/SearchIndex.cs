using Microsoft.Data.Sqlite;
using Tiebreak.Core.Battles;

namespace Tiebreak.Explorer.Index;

/// <summary>
/// In which battles words occur: an FTS5 table of SQLite, which keeps places of words and not the texts. Letters are compared without case
/// and accents.
/// </summary>
internal sealed class SearchIndex(string path)
{
    // Words are gathered in memory before they are written; more of it means fewer merges on disk.
    private const int GatheredBytes = 128 << 20;
    private const int BlocksRead = 32;
    private const int AnswersKept = 32;

    private readonly Lock _lock = new();
    private readonly LinkedList<(string Query, byte[] Found)> _answers = []; // the newest first

    /// <summary>Builds the index.</summary>
    /// <param name="texts">All battles.</param>
    /// <param name="battles">How many they are.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="done">Told how many battles are done.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    public void Build(BattleTexts texts, int battles, int threads, Action<long> done, CancellationToken cancellationToken)
    {
        File.Delete(path);
        using var connection = Open(SqliteOpenMode.ReadWriteCreate);
        Execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536");
        Execute("CREATE VIRTUAL TABLE battles USING fts5(texts, content='', columnsize=0, tokenize='unicode61')");
        Execute($"INSERT INTO battles(battles, rank) VALUES ('hashsize', {GatheredBytes})");
        using var transaction = connection.BeginTransaction();
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO battles(rowid, texts) VALUES ($number, $texts)";
        var (number, text) = (insert.Parameters.Add("$number", SqliteType.Integer), insert.Parameters.Add("$texts", SqliteType.Text));
        var blocks = (battles + BattleTexts.BlockBattles - 1) / BattleTexts.BlockBattles;
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        var row = 0L;
        for (var first = 0; first < blocks; first += BlocksRead)
        {
            var read = new List<string>[Math.Min(BlocksRead, blocks - first)];
            Parallel.For(0, read.Length, options, i => read[i] = texts.ReadBlock(first + i).ConvertAll(TextOf));
            foreach (var one in read.SelectMany(block => block))
            {
                (number.Value, text.Value) = (++row, one);
                insert.ExecuteNonQuery();
            }

            done(row);
        }

        transaction.Commit();

        void Execute(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }

    /// <summary>The battles that hold all words of a search.</summary>
    /// <param name="query">The search, as <see cref="SearchWords.Query"/> writes it.</param>
    /// <param name="battles">How many battles there are.</param>
    /// <returns>A bit for each number, from that of 0 on, which no battle has; the highest bit of a byte first.</returns>
    public byte[] Find(string query, int battles)
    {
        lock (_lock)
        {
            for (var node = _answers.First; node is not null; node = node.Next)
            {
                if (!string.Equals(node.Value.Query, query, StringComparison.Ordinal))
                    continue;
                _answers.Remove(node);
                _answers.AddFirst(node);
                return node.Value.Found;
            }
        }

        var found = new byte[(battles / 8) + 1];
        using (var connection = Open(SqliteOpenMode.ReadOnly))
        using (var select = connection.CreateCommand())
        {
            select.CommandText = "SELECT rowid FROM battles WHERE battles MATCH $query";
            select.Parameters.AddWithValue("$query", query);
            using var rows = select.ExecuteReader();
            while (rows.Read())
            {
                var number = rows.GetInt32(0);
                found[number / 8] |= (byte)(0x80 >> (number % 8));
            }
        }

        lock (_lock)
        {
            _answers.AddFirst((query, found));
            if (_answers.Count > AnswersKept)
                _answers.RemoveLast();
        }

        return found;
    }

    private static string TextOf(Battle battle) => SearchWords.Separate(
        string.Join('\n', battle.Turns.SelectMany(turn => new[] { turn.Prompt, turn.ResponseA, turn.ResponseB })));

    private SqliteConnection Open(SqliteOpenMode mode)
    {
        var settings = new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false };
        var connection = new SqliteConnection(settings.ConnectionString);
        connection.Open();
        return connection;
    }
}
