using System.Diagnostics;
using Tiebreak.App;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Data;
using Tiebreak.Data.Facts;
using Tiebreak.Data.Reading;

namespace Tiebreak.Explorer.Index;

/// <summary>Builds an index: reads the files, works out the facts, and puts both where they can be asked for.</summary>
internal sealed class IndexBuilder(JobContext context, IReadOnlyList<string> files, IndexDatabase database, BattleTexts texts)
{
    // A multiple of the battles of a block. The first part is small, so that there is something to look at soon.
    private const int FirstPart = 4 * BattleTexts.BlockBattles;
    private const int Part = 64 * BattleTexts.BlockBattles;

    private readonly TaskCompletionSource _firstBattles = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IndexProgress _progress = new("reading", 0, 0, Left: null, 0, false, false, false, Failure: null);
    private int _battles;

    /// <summary>How far it is.</summary>
    public IndexProgress Progress => _progress;

    /// <summary>Ends when there is something to look at.</summary>
    public Task FirstBattles => _firstBattles.Task;

    /// <summary>Builds the index.</summary>
    /// <exception cref="InputException">A file cannot be read, or there is no battle.</exception>
    public void Run(CancellationToken cancellationToken)
    {
        try
        {
            database.Execute(BattleColumns.Create);
            ReadFiles(cancellationToken);
            _progress = _progress with { Stage = "complete", HasAllBattles = true, Left = null };
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _progress = _progress with { Failure = exception.Message };
            throw;
        }
    }

    private void ReadFiles(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var reading = new ReadingProgress(this, clock);
        var options = context.Reading with { Purpose = BattlePurpose.Explore, Threads = context.Threads, Progress = reading };
        var progress = new FilesProgress(files, options);
        var ids = new BattleIds(BattlePurpose.Explore);
        var problems = new List<RowProblem>();
        var part = new List<Battle>(Part);
        foreach (var path in files)
        {
            using var file = new BattleFile(path, options with { Progress = progress }, hash: true);
            foreach (var row in file.Rows(cancellationToken))
            {
                if ((ids.Add(path, row) ?? row.Problem) is { } problem)
                    problems.Add(problem);
                if (row.Battle is not null)
                    part.Add(row.Battle);
                if (part.Count == (_battles == 0 ? FirstPart : Part))
                    Add(part, cancellationToken);
            }

            BattleFiles.SayNotices(context, [.. file.Notices]);
            progress.NextFile();
        }

        Add(part, cancellationToken);
        if (_battles == 0)
            throw LossRule.NothingLeft(problems, []);
        BattleFiles.SayProblems(context, problems, "kept with what could be read");
    }

    /// <summary>Adds battles, which can be browsed from then on.</summary>
    private void Add(List<Battle> part, CancellationToken cancellationToken)
    {
        if (part.Count == 0)
            return;

        Battle[][] blocks = [.. part.Chunk(BattleTexts.BlockBattles)];
        var (facts, packed) = (new BattleFacts[blocks.Length][], new byte[blocks.Length][]);
        var options = new ParallelOptions { MaxDegreeOfParallelism = context.Threads, CancellationToken = cancellationToken };
        Parallel.For(0, blocks.Length, options, i =>
        {
            facts[i] = BattleFacts.Of(blocks[i], threads: 1);
            packed[i] = BattleTexts.Pack(blocks[i]);
        });
        foreach (var block in packed)
            texts.Append(block);
        database.Append("battles", table =>
        {
            for (var block = 0; block < blocks.Length; block++)
            {
                for (var i = 0; i < blocks[block].Length; i++)
                    BattleColumns.Append(table, ++_battles, blocks[block][i], facts[block][i]);
            }
        });
        part.Clear();
        _progress = _progress with { Battles = _battles };
        _firstBattles.TrySetResult();
    }

    /// <summary>Turns bytes that are read into the progress of the index.</summary>
    private sealed class ReadingProgress(IndexBuilder builder, Stopwatch clock) : IProgress<JobProgress>
    {
        public void Report(JobProgress value) => builder._progress = builder._progress with
        {
            Stage = value.Stage,
            Done = value.Done,
            Total = value.Total,
            Left = value is { Done: > 0, Total: > 0 } ? clock.Elapsed * ((double)(value.Total - value.Done) / value.Done) : null,
        };
    }
}
