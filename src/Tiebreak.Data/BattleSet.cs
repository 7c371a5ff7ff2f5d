using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Data.Reading;
using Tiebreak.Data.Reading.Parquet;

namespace Tiebreak.Data;

/// <summary>The battles of one or more files in memory, each id once.</summary>
public sealed class BattleSet
{
    /// <summary>
    /// The switch (<see cref="AppContext.SetSwitch"/>) by which an executable allows <see cref="Load"/> to put off garbage collections
    /// while it reads large files. They would copy everything and free nothing. Off unless set: the collector belongs to the whole process.
    /// </summary>
    public const string CollectionPauseSwitch = "Tiebreak.CollectionPauses";

    private BattleSet(IReadOnlyList<Battle> battles, IReadOnlyList<RowProblem> problems, IReadOnlyList<DataFingerprint> files)
    {
        Battles = battles;
        Problems = problems;
        Files = files;
    }

    /// <summary>What is worth saying about the files besides: one sentence for each file and kind.</summary>
    public IReadOnlyList<string> Notices { get; private init; } = [];

    /// <summary>All rows of the files, with problems or without.</summary>
    internal long Rows { get; private init; }

    /// <summary>Columns and keys of the files that were not read.</summary>
    internal IReadOnlyCollection<string> Unused { get; private init; } = [];

    /// <summary>The battles in the order of the files and their rows.</summary>
    public IReadOnlyList<Battle> Battles { get; }

    /// <summary>
    /// What was wrong with single rows: for training they were kept out, for a test they are in <see cref="Battles"/> all the same.
    /// </summary>
    public IReadOnlyList<RowProblem> Problems { get; }

    /// <summary>What the files were.</summary>
    public IReadOnlyList<DataFingerprint> Files { get; }

    /// <summary>The same battles with their pooled states.</summary>
    /// <param name="path">The file of states; see <see cref="PooledStatesFile"/>.</param>
    /// <param name="cancellationToken">Stops between row groups.</param>
    /// <exception cref="InputException">Not such a file, or a battle has no states there.</exception>
    public BattleSet WithStates(string path, CancellationToken cancellationToken = default) =>
        new(PooledStatesFile.Join(Battles, path, cancellationToken), Problems, Files) { Notices = Notices, Rows = Rows };

    /// <summary>The same battles with something added to each.</summary>
    /// <param name="battles">As many battles, in the same order.</param>
    internal BattleSet With(IReadOnlyList<Battle> battles) => new(battles, Problems, Files);

    /// <summary>Reads files.</summary>
    /// <param name="paths">One file or more.</param>
    /// <param name="options">How to read them.</param>
    /// <param name="cancellationToken">Ends the reading with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InputException">
    /// A file cannot be read (see <see cref="BattleReader.Read"/>), no row of them can be used, or a test row has no id or one that
    /// stands there before: no valid submission can be made from such a file.
    /// </exception>
    public static BattleSet Load(
        IReadOnlyList<string> paths, BattleReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new BattleReadOptions();
        var (battles, problems, files) = (new List<Battle>(), new List<RowProblem>(), new List<DataFingerprint>());
        var (notices, unused, rows) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal), 0L);
        var ids = new BattleIds(options.Purpose);
        var progress = new FilesProgress(paths, options);
        using var pause = CollectionPause.For(paths);
        foreach (var path in paths)
        {
            var unreadTimes = new List<(int Battle, string Text)>();
            using var file = new BattleFile(path, options with { Progress = progress }, hash: true);
            foreach (var row in file.Rows(cancellationToken))
            {
                rows++;
                var problem = ids.Add(path, row) ?? row.Problem;
                if (problem is not null)
                    problems.Add(problem);
                if (row.Battle is not null && (problem is null || options.Purpose != BattlePurpose.Train))
                {
                    battles.Add(row.Battle);
                    if (row.TimeText is { } text)
                        unreadTimes.Add((battles.Count - 1, text));
                }
            }

            files.Add(file.Fingerprint());
            notices.AddRange(file.Notices);
            if (!TrySetTimes(battles, unreadTimes))
                notices.Add($"{path}: {TimeText.Undecided(unreadTimes[0].Text)}");
            unused.UnionWith(file.Unused);
            progress.NextFile();
        }

        if (battles.Count == 0)
            throw LossRule.NothingLeft(problems, unused);
        if (options.NeedsTexts && battles.TrueForAll(battle => battle.Turns.All(turn => string.IsNullOrWhiteSpace(turn.Prompt))))
            notices.Add("No battle has a prompt. If a column or key of another name holds it, give it the name prompt.");
        return new BattleSet(battles, problems, files) { Notices = notices, Rows = rows, Unused = unused };
    }

    /// <summary>Gives battles the times that only the whole column can tell; false where it cannot.</summary>
    private static bool TrySetTimes(List<Battle> battles, List<(int Battle, string Text)> unread)
    {
        if (unread.Count == 0)
            return true;
        if (TimeText.ParseColumn([.. unread.Select(row => row.Text)]) is not { } times)
            return false;

        foreach (var ((battle, _), time) in unread.Zip(times))
            battles[battle] = battles[battle] with { Timestamp = time };
        return true;
    }
}
