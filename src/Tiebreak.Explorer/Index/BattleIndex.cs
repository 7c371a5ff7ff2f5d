using Tiebreak.App;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Data;
using Tiebreak.Ratings.Leaderboards;

namespace Tiebreak.Explorer.Index;

/// <summary>
/// The battles of some files in a form that can be browsed: filtered, sorted, counted, searched and read one by one, however many they
/// are.
/// </summary>
/// <remarks>
/// It is built in the background, and kept beside the first file for the next time; what has been read can be browsed at once. All
/// questions can be asked by any number of threads at a time, and take milliseconds. A battle is named by its number, its place in the
/// files from 1, because ids can repeat.
/// </remarks>
internal sealed class BattleIndex : IAsyncDisposable
{
    // Blocks of battles that a judge is asked about at once.
    private const int BlocksJudged = 16;

    // Of prompts that are compared with other battles.
    private const int ComparedCharacters = 20_000;
    private const int ComparedWords = 24;

    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(200);

    private readonly IndexFolder _folder;
    private readonly IndexDatabase _database;
    private readonly BattleTexts _texts;
    private readonly SearchIndex _search;
    private readonly JudgeTables _judges;
    private readonly BattleQueries _queries;
    private readonly IndexBuilder _builder;
    private readonly CancellationTokenSource _closing = new();

    private BattleIndex(JobContext context, IReadOnlyList<string> files, IndexFolder folder, BattleIndexOptions options)
    {
        (Files, _folder) = (files, folder);
        _database = new IndexDatabase(folder.Battles, context.Threads, options.DatabaseMemory);
        _texts = folder.Complete is null ? BattleTexts.Create(folder.Texts) : BattleTexts.Open(folder.Texts);
        _search = new SearchIndex(folder.Search);
        _judges = new JudgeTables(_database);
        Topics = new TopicTable(_database);
        Meanings = new MeaningTable(_database);
        _queries = new BattleQueries(_database);
        _builder = new IndexBuilder(context, files, folder, _database, _texts, _search);
        Completion = Task.Run(() => _builder.Run(_closing.Token));
    }

    /// <summary>The files.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>The topics of battles.</summary>
    public TopicTable Topics { get; }

    /// <summary>What an embedder made of prompts.</summary>
    public MeaningTable Meanings { get; }

    /// <summary>How far the index is.</summary>
    public IndexProgress Progress => _builder.Progress;

    /// <summary>Ends when the index is complete, or with the exception that <see cref="IndexProgress.Failure"/> tells.</summary>
    public Task Completion { get; }

    /// <summary>
    /// The judges whose preferences the index has, also of earlier times; the first one is meant where a filter names none.
    /// </summary>
    public IReadOnlyList<IndexedJudge> Judges => _judges.All;

    /// <summary>Opens the index of some files, or begins to build it.</summary>
    /// <param name="context">How the files are read (names, wanted rows), threads, and who is told of problems of rows.</param>
    /// <param name="files">One file or more, of any layout.</param>
    /// <param name="options">Where the index is kept.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>The index as soon as it has battles; see <see cref="Progress"/> for the rest.</returns>
    /// <exception cref="InputException">The files cannot be read, or hold no battle.</exception>
    /// <exception cref="TiebreakException">The index can be written nowhere.</exception>
    public static async Task<BattleIndex> OpenAsync(
        JobContext context, IReadOnlyList<string> files, BattleIndexOptions options, CancellationToken cancellationToken)
    {
        var folder = IndexFolder.Take(files, context.Reading, options.Folder);
        BattleIndex index;
        try
        {
            index = new BattleIndex(context, files, folder, options);
        }
        catch
        {
            folder.Dispose();
            throw;
        }

        try
        {
            await Task.WhenAny(index._builder.FirstBattles, index.Completion).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (!index._builder.FirstBattles.IsCompleted)
                await index.Completion.ConfigureAwait(false);
            return index;
        }
        catch
        {
            await index.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Battles that meet a filter.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="sort">Their order.</param>
    /// <param name="offset">How many to pass over.</param>
    /// <param name="size">How many at most.</param>
    /// <exception cref="InputException">The filter asks for a judge that is not there, or for a search that is not ready.</exception>
    public BattlePage Page(BattleFilter filter, BattleSort sort, long offset, int size) =>
        _queries.Page(SqlOf(filter, sort), sort, offset, size, _judges.SqlOrNull(filter.Judge));

    /// <summary>How many battles meet a filter.</summary>
    /// <exception cref="InputException">As for <see cref="Page"/>.</exception>
    public long Count(BattleFilter filter) => _queries.Count(SqlOf(filter, BattleSort.InFileOrder));

    /// <summary>The number of a battle that meets a filter; null where fewer do.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="offset">How many of them are before it, in the order of the files.</param>
    /// <exception cref="InputException">As for <see cref="Page"/>.</exception>
    public int? NumberAt(BattleFilter filter, long offset) =>
        _queries.Numbers(SqlOf(filter, BattleSort.InFileOrder), BattleSort.InFileOrder, offset, 1) is [var number] ? number : null;

    /// <summary>How many battles meet a filter, and what they are like.</summary>
    /// <exception cref="InputException">As for <see cref="Page"/>.</exception>
    public BattleCounts Counts(BattleFilter filter) =>
        CountsQuery.Ask(_database, SqlOf(filter, BattleSort.InFileOrder), Progress.HasFindings);

    /// <summary>How every two models fared, among battles that meet a filter.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="most">The most models, those with most battles.</param>
    /// <exception cref="InputException">As for <see cref="Page"/>.</exception>
    public ModelMatrix Matrix(BattleFilter filter, int most) => _queries.Matrix(SqlOf(filter, BattleSort.InFileOrder), most);

    /// <summary>Whether a battle says when it was voted on.</summary>
    public bool HasTimes() => _queries.HasTimes();

    /// <summary>Votes on two models of the battles that meet a filter and have a time, by period, the earliest first.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="period">The length of a period.</param>
    /// <exception cref="InputException">As for <see cref="Page"/>.</exception>
    public IReadOnlyList<PeriodVotes> VotesByPeriod(BattleFilter filter, HistoryPeriod period) =>
        _queries.VotesByPeriod(SqlOf(filter, BattleSort.InFileOrder), period);

    /// <summary>Two judges on the battles that meet a filter and that both have judged.</summary>
    /// <exception cref="InputException">As for <see cref="Page"/>, or there is no such judge.</exception>
    public JudgeComparison Compare(string one, string other, BattleFilter filter) => JudgeComparison.Of(
        _database, _judges.SqlOf(one), _judges.SqlOf(other), SqlOf(filter, BattleSort.InFileOrder));

    /// <summary>The mean log loss of a judge by topic; empty where there is no judge.</summary>
    /// <param name="judge">The judge; null for the first one.</param>
    public IReadOnlyDictionary<int, double> TopicLosses(string? judge) =>
        _judges.SqlOrNull(judge) is { } table ? Topics.Losses(table) : new Dictionary<int, double>();

    /// <summary>The battles that meet a filter on which two judges are furthest apart, with what each prefers.</summary>
    /// <exception cref="InputException">As for <see cref="Compare"/>.</exception>
    public IReadOnlyList<(BattleLine Line, Preference One, Preference Other)> Parting(
        string one, string other, BattleFilter filter, int most)
    {
        var parting = JudgeComparison.Parting(
            _database, _judges.SqlOf(one), _judges.SqlOf(other), SqlOf(filter, BattleSort.InFileOrder), most);
        return [.. _queries.Lines([.. parting.Select(battle => battle.Number)], judgeTable: null)
            .Zip(parting, (line, battle) => (line, battle.One, battle.Other))];
    }

    /// <summary>The battle with a number; null where there is none.</summary>
    /// <param name="number">The number, from 1.</param>
    /// <param name="judge">The judge whose preference is wanted; null for the first one.</param>
    public IndexedBattle? At(int number, string? judge = null)
    {
        if (_queries.Line(number, _judges.SqlOrNull(judge)) is not { } line)
            return null;
        var stored = new StoredBattle(number, line.Turns, line.Verdict, line.Timestamp);
        return new IndexedBattle(line, stored.Complete(_texts.Read(number)));
    }

    /// <summary>The texts of a battle, and nothing else that is to be relied on.</summary>
    /// <param name="number">Its number, which must be one.</param>
    public Battle Texts(int number) => _texts.Read(number);

    /// <summary>The first battle with an id; null where there is none.</summary>
    /// <param name="id">The id.</param>
    /// <param name="judge">The judge whose preference is wanted; null for the first one.</param>
    public IndexedBattle? Find(string id, string? judge = null) => _queries.NumberOf(id) is { } number ? At(number, judge) : null;

    /// <summary>The votes of the first battles with some ids; of ids that no battle has there is none.</summary>
    public IReadOnlyDictionary<string, Verdict?> Verdicts(IReadOnlyList<string> ids) => _queries.Verdicts(ids);

    /// <summary>The battles before and after one, among those that meet a filter, which it need not meet itself.</summary>
    /// <exception cref="InputException">As for <see cref="Page"/>.</exception>
    public BattleNeighbours Neighbours(BattleFilter filter, BattleSort sort, int number) =>
        _queries.Neighbours(SqlOf(filter, sort), sort, number);

    /// <summary>The battles most similar to one by the words of its prompts, the most similar first.</summary>
    /// <param name="number">The battle.</param>
    /// <param name="most">The most battles.</param>
    /// <exception cref="InputException">There is no such battle, or words are not indexed yet.</exception>
    public IReadOnlyList<BattleLine> Similar(int number, int most)
    {
        var progress = Progress;
        if (number < 1 || number > progress.Battles)
            throw new InputException($"There is no battle {number:N0}.");
        if (!progress.HasSearch)
            throw new InputException("Similar battles are not known yet: the words are still being indexed.");
        var prompts = string.Join('\n', _texts.Read(number).Turns.Select(turn => turn.Prompt));
        var words = SearchWords.Distinct(prompts[..Math.Min(prompts.Length, ComparedCharacters)], ComparedWords);
        return _queries.Lines(_search.Similar(words, number, (int)progress.Battles, most), judgeTable: null);
    }

    /// <summary>The lines of some battles, in the order of their numbers.</summary>
    public IReadOnlyList<BattleLine> Lines(IReadOnlyList<int> numbers) => _queries.Lines(numbers, judgeTable: null);

    /// <summary>The battles that meet a filter, in the order of the files; read one after the other while they are enumerated.</summary>
    /// <exception cref="InputException">As for <see cref="Page"/>.</exception>
    public IEnumerable<Battle> Select(BattleFilter filter) => Read(_queries.Stored(SqlOf(filter, BattleSort.InFileOrder)));

    /// <summary>Battles that meet a filter, at equal distances where they are too many, with the number of all that meet it.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="most">The most battles.</param>
    /// <exception cref="InputException">As for <see cref="Page"/>.</exception>
    public (IReadOnlyList<int> Numbers, IEnumerable<Battle> Battles, int Total) Sample(BattleFilter filter, int most)
    {
        var stored = _queries.Stored(SqlOf(filter, BattleSort.InFileOrder));
        var total = stored.Count;
        if (total > most)
            stored = [.. Enumerable.Range(0, most).Select(i => stored[(int)((long)i * total / most)])];
        return (stored.ConvertAll(battle => battle.Number), Read(stored), total);
    }

    /// <summary>Writes the battles that meet a filter.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="path">
    /// A name that ends in .jsonl, .csv or .parquet. As CSV, the competition's layout, battles have labels if every one of them has one.
    /// </param>
    /// <exception cref="InputException">As for <see cref="Page"/>.</exception>
    /// <exception cref="TiebreakException">The file cannot be written.</exception>
    public void Export(BattleFilter filter, string path)
    {
        var stored = _queries.Stored(SqlOf(filter, BattleSort.InFileOrder));
        var battles = Read(stored);
        switch (Path.GetExtension(path).ToUpperInvariant())
        {
            case ".JSONL":
                BattleWriter.WriteJsonl(path, battles);
                break;
            case ".PARQUET":
                BattleWriter.WriteParquet(path, battles);
                break;
            case ".CSV" when stored.TrueForAll(row => row.Verdict is not null):
                BattleWriter.WriteKaggleTrain(path, battles);
                break;
            case ".CSV":
                BattleWriter.WriteKaggleTest(path, battles);
                break;
            default:
                throw new InputException($"Battles are written as .jsonl, .csv or .parquet, not as {Path.GetExtension(path)}.");
        }
    }

    /// <summary>
    /// Asks a judge about all battles, those that are still to be read too, and keeps its preferences: a page of a filter and an order by
    /// judges shows them as they come. What an earlier time kept under the same name and key is not asked again.
    /// </summary>
    /// <param name="name">The judge's name in filters.</param>
    /// <param name="key">What tells it from others of its name: a hash of its files.</param>
    /// <param name="judge">The judge.</param>
    /// <param name="cancellationToken">Stops between parts; what has been judged stays.</param>
    public async Task ScoreAsync(string name, string key, IJudge judge, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        var done = _judges.Begin(name, key);
        while (true)
        {
            var progress = Progress;
            var next = (int)Math.Min(progress.Battles, done + (BlocksJudged * BattleTexts.BlockBattles));
            if (next == done && progress.HasAllBattles)
                return;
            if (next == done)
            {
                await Task.Delay(Wait, stop.Token).ConfigureAwait(false);
                continue;
            }

            Battle[] battles = [.. Read(_queries.Stored(done + 1, next))];
            var outcomes = await judge.JudgeAsync(new JudgeRequest { Battles = battles }, stop.Token).ConfigureAwait(false);
            _judges.Append(name, battles, outcomes);
            done = next;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _database.Dispose();
        _texts.Dispose();
        _folder.Dispose();
        _closing.Dispose();
    }

    /// <summary>Reads battles in the order of their numbers, each block of the texts once.</summary>
    private IEnumerable<Battle> Read(List<StoredBattle> stored)
    {
        var (block, battles) = (-1, new List<Battle>());
        foreach (var one in stored)
        {
            var (itsBlock, place) = Math.DivRem(one.Number - 1, BattleTexts.BlockBattles);
            if (itsBlock != block)
                (block, battles) = (itsBlock, _texts.ReadBlock(itsBlock));
            yield return one.Complete(battles[place]);
        }
    }

    private FilterSql SqlOf(BattleFilter filter, BattleSort sort)
    {
        byte[]? found = null;
        if (filter.Text is { } text)
        {
            var query = SearchWords.Query(text);
            var progress = Progress;
            found = progress.HasSearch
                ? _search.Find(query, (int)progress.Battles)
                : throw new InputException("Texts cannot be searched yet: the words are still being indexed.");
        }

        if (filter.Topics.Count > 0)
            Topics.ThrowIfUnknown();
        var judge = filter.Judge is not null || filter.AsksJudge || sort.AsksJudge ? _judges.SqlOf(filter.Judge) : null;
        return FilterSql.Of(filter, sort, judge, found);
    }
}
