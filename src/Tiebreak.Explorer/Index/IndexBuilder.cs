using System.Diagnostics;
using Tiebreak.App;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Data;
using Tiebreak.Data.Facts;
using Tiebreak.Data.Reading;

namespace Tiebreak.Explorer.Index;

/// <summary>
/// Builds an index: reads the files, works out the facts, puts both where they can be asked for; then the findings that depend on other
/// battles, then the search for words.
/// </summary>
internal sealed class IndexBuilder
{
    // A multiple of the battles of a block. The first part is small, so that there is something to look at soon.
    private const int FirstPart = 4 * BattleTexts.BlockBattles;
    private const int Part = 64 * BattleTexts.BlockBattles;

    private readonly JobContext _context;
    private readonly IReadOnlyList<string> _files;
    private readonly IndexFolder _folder;
    private readonly IndexDatabase _database;
    private readonly BattleTexts _texts;
    private readonly SearchIndex _search;
    private readonly List<string> _warnings = [];
    private readonly List<Battle> _prompts = []; // of all battles, without the responses
    private readonly List<int> _fileOf = [];
    private readonly TaskCompletionSource _firstBattles = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IndexProgress _progress;

    public IndexBuilder(
        JobContext context, IReadOnlyList<string> files, IndexFolder folder, IndexDatabase database, BattleTexts texts, SearchIndex search)
    {
        _context = context with { OnWarning = Warn };
        (_files, _folder, _database, _texts, _search) = (files, folder, database, texts, search);
        var complete = folder.Complete;
        _progress = new IndexProgress(
            "opening", 0, 0, Left: null, complete?.Battles ?? 0, complete is not null, complete is not null, complete?.HasSearch ?? false,
            Failure: null);

        void Warn(string warning)
        {
            _warnings.Add(warning);
            context.OnWarning(warning);
        }
    }

    /// <summary>How far it is.</summary>
    public IndexProgress Progress => _progress;

    /// <summary>Ends when there is something to look at.</summary>
    public Task FirstBattles => _firstBattles.Task;

    /// <summary>Builds what the folder does not hold yet.</summary>
    /// <exception cref="InputException">A file cannot be read, or there is no battle.</exception>
    public void Run(CancellationToken cancellationToken)
    {
        try
        {
            if (_folder.Complete is { } complete)
            {
                _firstBattles.SetResult();
                foreach (var warning in complete.Warnings)
                    _context.OnWarning(warning);
            }
            else
            {
                Build(cancellationToken);
            }

            if (!_progress.HasSearch)
            {
                Begin("indexing words", _progress.Battles);
                var clock = Stopwatch.StartNew();
                _search.Build(_texts, (int)_progress.Battles, _context.Threads, done => Report(clock, done), cancellationToken);
                _folder.SaveSearch();
                GiveBackMemory();
            }

            _progress = _progress with { Stage = "complete", HasSearch = true, Done = 0, Total = 0, Left = null };
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _progress = _progress with { Failure = exception.Message };
            throw;
        }
    }

    private void Build(CancellationToken cancellationToken)
    {
        _database.Execute(BattleColumns.Create);
        var files = ReadFiles(cancellationToken);
        _texts.Save();
        _progress = _progress with { HasAllBattles = true };

        Begin("comparing prompts", total: 0);
        FindingsOfPlace.Add(_database, _prompts, _fileOf, _context.Threads, cancellationToken);
        _prompts.Clear();
        _prompts.TrimExcess();
        _folder.Save(files, (int)_progress.Battles, _warnings, hasSearch: false);
        _progress = _progress with { HasFindings = true };
        GiveBackMemory();
    }

    // Gigabytes of a large file that nobody needs any more: without being told, the collector keeps them for as long as the program runs.
    private static void GiveBackMemory() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    private List<IndexedFile> ReadFiles(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var options = _context.Reading with
        {
            Purpose = BattlePurpose.Explore,
            Threads = _context.Threads,
            Progress = new ReadingProgress(this, clock),
        };
        var progress = new FilesProgress(_files, options);
        var ids = new BattleIds(BattlePurpose.Explore);
        var (indexed, problems, part) = (new List<IndexedFile>(), new List<RowProblem>(), new List<Battle>(Part));
        var unreadTimes = new List<(int Number, string Text)>[_files.Count];
        foreach (var path in _files)
        {
            var times = unreadTimes[indexed.Count] = [];
            var info = new FileInfo(path);
            var (bytes, modified) = (info.Length, info.LastWriteTimeUtc);
            using var file = new BattleFile(path, options with { Progress = progress }, hash: true);
            foreach (var row in file.Rows(cancellationToken))
            {
                if ((ids.Add(path, row) ?? row.Problem) is { } problem)
                    problems.Add(problem);
                if (row.Battle is not { } battle)
                    continue;

                part.Add(battle);
                _prompts.Add(PromptsOf(battle));
                _fileOf.Add(indexed.Count);
                if (row.TimeText is { } text)
                    times.Add((_prompts.Count, text));
                if (part.Count == (_progress.Battles == 0 ? FirstPart : Part))
                    Add(part, cancellationToken);
            }

            indexed.Add(new IndexedFile(info.FullName, bytes, modified, file.Fingerprint().Sha256));
            BattleFiles.SayNotices(_context, [.. file.Notices]);
            progress.NextFile();
        }

        Add(part, cancellationToken);
        foreach (var (path, times) in _files.Zip(unreadTimes))
            SetTimes(path, times);
        if (_progress.Battles == 0)
            throw LossRule.NothingLeft(problems, []);
        BattleFiles.SayProblems(_context, problems, "kept with what could be read");
        return indexed;
    }

    private static Battle PromptsOf(Battle battle) => new()
    {
        Id = "",
        Turns = [.. battle.Turns.Select(turn => new Turn(turn.Prompt, null, null))],
    };

    /// <summary>Adds battles, which can be browsed from then on.</summary>
    private void Add(List<Battle> part, CancellationToken cancellationToken)
    {
        if (part.Count == 0)
            return;

        Battle[][] blocks = [.. part.Chunk(BattleTexts.BlockBattles)];
        var (facts, packed) = (new BattleFacts[blocks.Length][], new byte[blocks.Length][]);
        var options = new ParallelOptions { MaxDegreeOfParallelism = _context.Threads, CancellationToken = cancellationToken };
        Parallel.For(0, blocks.Length, options, i =>
        {
            facts[i] = BattleFacts.Of(blocks[i], threads: 1, cancellationToken: cancellationToken);
            packed[i] = BattleTexts.Pack(blocks[i]);
        });
        foreach (var block in packed)
            _texts.Append(block);
        var number = (int)_progress.Battles;
        _database.Append("battles", table =>
        {
            for (var block = 0; block < blocks.Length; block++)
            {
                for (var i = 0; i < blocks[block].Length; i++)
                    BattleColumns.Append(table, ++number, blocks[block][i], facts[block][i]);
            }
        });
        part.Clear();
        _progress = _progress with { Battles = number };
        _firstBattles.TrySetResult();
    }

    /// <summary>Sets the times of a file that can be told only from all of them.</summary>
    private void SetTimes(string path, List<(int Number, string Text)> unread)
    {
        if (unread.Count == 0)
            return;
        if (TimeText.ParseColumn([.. unread.Select(row => row.Text)]) is not { } times)
        {
            BattleFiles.SayNotices(_context, [$"{path}: {TimeText.Undecided(unread[0].Text)}"]);
            return;
        }

        _database.Execute("CREATE TABLE times (number INTEGER, tstamp TIMESTAMP)");
        _database.Append("times", table =>
        {
            foreach (var ((number, _), time) in unread.Zip(times))
                table.CreateRow().AppendValue(number).AppendValue(time.UtcDateTime).EndRow();
        });
        _database.Execute(
            "UPDATE battles SET tstamp = times.tstamp FROM times WHERE battles.number = times.number; DROP TABLE times");
    }

    private void Begin(string stage, long total) => _progress = _progress with { Stage = stage, Done = 0, Total = total, Left = null };

    private void Report(Stopwatch clock, long done) => _progress = _progress with
    {
        Done = done,
        Left = done > 0 && _progress.Total > 0 ? clock.Elapsed * ((double)(_progress.Total - done) / done) : null,
    };

    /// <summary>Turns bytes that are read into the progress of the index.</summary>
    private sealed class ReadingProgress(IndexBuilder builder, Stopwatch clock) : IProgress<JobProgress>
    {
        public void Report(JobProgress value)
        {
            builder._progress = builder._progress with { Stage = value.Stage, Total = value.Total };
            builder.Report(clock, value.Done);
        }
    }
}
