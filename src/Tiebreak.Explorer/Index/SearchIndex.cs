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

    // A word that stands in so many battles tells nothing about what two of them have in common.
    private const int FrequentWord = 5_000;

    // Of the weight of all words, what a similar battle shares at least.
    private const double LeastShared = 0.2;

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

    /// <summary>
    /// The battles that share the rarest words with a text: each word that they share weighs ln(all battles / battles with it). Words that
    /// nearly every battle has, or no other one, are left aside.
    /// </summary>
    /// <param name="words">The words of the text, as <see cref="SearchWords.Distinct"/> gives them.</param>
    /// <param name="number">A battle to leave out.</param>
    /// <param name="battles">How many battles there are.</param>
    /// <param name="most">The most battles.</param>
    /// <returns>Their numbers, the most similar first.</returns>
    public IReadOnlyList<int> Similar(IReadOnlyList<string> words, int number, int battles, int most)
    {
        var (weights, total) = (new Dictionary<int, double>(), 0.0);
        using var connection = Open(SqliteOpenMode.ReadOnly);
        using var select = connection.CreateCommand();
        select.CommandText = "SELECT rowid FROM battles WHERE battles MATCH $word LIMIT $most";
        var word = select.Parameters.Add("$word", SqliteType.Text);
        select.Parameters.AddWithValue("$most", FrequentWord);
        foreach (var one in words)
        {
            word.Value = $"\"{one}\"";
            var found = new List<int>();
            using (var rows = select.ExecuteReader())
            {
                while (rows.Read())
                    found.Add(rows.GetInt32(0));
            }

            if (found.Count is <= 1 or FrequentWord)
                continue;
            var weight = Math.Log((double)battles / found.Count);
            total += weight;
            foreach (var battle in found)
                weights[battle] = weights.GetValueOrDefault(battle) + weight;
        }

        weights.Remove(number);
        return
        [
            .. weights.Where(battle => battle.Value > LeastShared * total).OrderByDescending(battle => battle.Value)
                .ThenBy(battle => battle.Key).Take(most).Select(battle => battle.Key),
        ];
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
