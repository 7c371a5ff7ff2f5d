using Tiebreak.App;
using Tiebreak.Core;

namespace Tiebreak.Explorer.Index;

/// <summary>
/// The battles of some files in a form that can be browsed: filtered, sorted, counted and read one by one, however many there are.
/// </summary>
/// <remarks>
/// It is built in the background; what has been read can be browsed at once. All questions can be asked by any number of threads at a
/// time, and take milliseconds. A battle is named by its number, its place in the files from 1, because ids can repeat.
/// </remarks>
internal sealed class BattleIndex : IAsyncDisposable
{
    private readonly IndexBuilder _builder;
    private readonly BattleQueries _queries;
    private readonly IndexDatabase _database;
    private readonly BattleTexts _texts;
    private readonly string _folder;
    private readonly CancellationTokenSource _closing = new();

    private BattleIndex(JobContext context, IReadOnlyList<string> files, BattleIndexOptions options)
    {
        Files = files;
        _folder = options.Folder ?? Directory.CreateTempSubdirectory("tiebreak-index-").FullName;
        _database = new IndexDatabase(Path.Combine(_folder, "battles.duckdb"), context.Threads, options.DatabaseMemory);
        _texts = new BattleTexts(Path.Combine(_folder, "texts"));
        _queries = new BattleQueries(_database);
        _builder = new IndexBuilder(context, files, _database, _texts);
        Completion = Task.Run(() => _builder.Run(_closing.Token));
    }

    /// <summary>The files.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>How far the index is.</summary>
    public IndexProgress Progress => _builder.Progress;

    /// <summary>Ends when the index is complete, or with the exception that <see cref="IndexProgress.Failure"/> tells.</summary>
    public Task Completion { get; }

    /// <summary>Opens the index of some files, or begins to build it.</summary>
    /// <param name="context">How the files are read (names, wanted rows), threads, and who is told of problems of rows.</param>
    /// <param name="files">One file or more, of any layout.</param>
    /// <param name="options">Where the index is kept.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>The index as soon as it has battles; see <see cref="Progress"/> for the rest.</returns>
    /// <exception cref="InputException">The files cannot be read, or hold no battle.</exception>
    public static async Task<BattleIndex> OpenAsync(
        JobContext context, IReadOnlyList<string> files, BattleIndexOptions options, CancellationToken cancellationToken)
    {
        var index = new BattleIndex(context, files, options);
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
    /// <exception cref="InputException">The filter asks for a judge that is not there.</exception>
    public BattlePage Page(BattleFilter filter, BattleSort sort, long offset, int size) => _queries.Page(filter, sort, offset, size);

    /// <summary>How many battles meet a filter, and what they are like.</summary>
    /// <exception cref="InputException">The filter asks for a judge that is not there.</exception>
    public BattleCounts Counts(BattleFilter filter) => _queries.Counts(filter, Progress.HasFindings);

    /// <summary>How every two models fared, among battles that meet a filter.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="most">The most models, those with most battles.</param>
    public ModelMatrix Matrix(BattleFilter filter, int most) => _queries.Matrix(filter, most);

    /// <summary>The battle with a number; null where there is none.</summary>
    public IndexedBattle? At(int number) => _queries.Line(number) is { } line ? Read(line) : null;

    /// <summary>The first battle with an id; null where there is none.</summary>
    public IndexedBattle? Find(string id) => _queries.Line(id) is { } line ? Read(line) : null;

    /// <summary>The battles before and after one, among those that meet a filter, which it need not meet itself.</summary>
    public BattleNeighbours Neighbours(BattleFilter filter, BattleSort sort, int number) => _queries.Neighbours(filter, sort, number);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _database.Dispose();
        _texts.Dispose();
        _closing.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private IndexedBattle Read(BattleLine line)
    {
        var battle = _texts.Read(line.Number);
        return new IndexedBattle(line, battle with
        {
            Turns = line.Turns == 0 ? [] : battle.Turns,
            Verdict = line.Verdict,
            Timestamp = line.Timestamp,
        });
    }
}
