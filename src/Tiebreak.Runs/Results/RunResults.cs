using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;
using Tiebreak.Runs.Planning;
using Tiebreak.Runs.Scoring;

namespace Tiebreak.Runs.Results;

/// <summary>
/// What has been handed in until now, row by row and pass by pass. Files are read once; a damaged one loses its marker, so that it is done
/// again.
/// </summary>
internal sealed class RunResults(RunContext run)
{
    private readonly Dictionary<RunPass, RowScore?[]> _scores = Enum.GetValues<RunPass>()
        .ToDictionary(pass => pass, _ => new RowScore?[run.Battles.Count]);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>Damaged files that were found and given up.</summary>
    public int Damaged { get; private set; }

    /// <summary>Shards that are finished and whole, and parts of others.</summary>
    public IReadOnlySet<string> Finished => _read;

    /// <summary>What the judge said in a pass, or null where it was not asked.</summary>
    public RowScore? this[RunPass pass, int row] => _scores[pass][row];

    /// <summary>Reads what is new.</summary>
    public void Refresh()
    {
        var shards = run.Shards();
        foreach (var name in ShardMarker.Names(run.Storage).Where(name => !_read.Contains(name)))
        {
            if (Find(shards, name) is not { } shard)
                continue;
            if (run.Storage.Read(ShardFile.FileOf(name)) is { } file && ShardFile.Parse(file, shard, run.Battles) is { } scores)
                Add(shard, scores);
            else
                GiveUp(name);
        }
    }

    /// <summary>
    /// A row's preference, calibrated: of the orders that were judged, else of the fallback judge, else the class shares.
    /// </summary>
    public Preference PreferenceOf(int row)
    {
        var first = Of(RunPass.First, row);
        var second = Of(RunPass.Second, row)?.Swapped();
        if (first is { } one)
            return Calibrated(second is { } other ? Mean(one, other) : one, row);
        if (second is { } alone)
            return Calibrated(alone, row);
        return Of(RunPass.Fallback, row) ?? run.Judge.Prior;
    }

    /// <summary>The first order alone, calibrated; null where there is none.</summary>
    public Preference? FirstOrderOf(int row) => Of(RunPass.First, row) is { } first ? Calibrated(first, row) : null;

    /// <summary>What a row's preference was made of.</summary>
    public RowSource SourceOf(int row) => (Of(RunPass.First, row), Of(RunPass.Second, row)) switch
    {
        ({ }, { }) => RowSource.BothOrders,
        ({ }, null) or (null, { }) => RowSource.OneOrder,
        _ => Of(RunPass.Fallback, row) is null ? RowSource.ClassShares : RowSource.Fallback,
    };

    /// <summary>Why the judge failed on a row, or null.</summary>
    public string? FailureOf(int row) =>
        this[RunPass.First, row]?.Failure ?? this[RunPass.Second, row]?.Failure ?? this[RunPass.Fallback, row]?.Failure;

    /// <summary>How likely neither response is acceptable: the mean over the orders that were judged; null where nobody said it.</summary>
    public double? NeitherAcceptableOf(int row) => Judged(row).Average(score => score.NeitherAcceptable);

    /// <summary>Why the judge leaves a row to a person, by what is inside of its bundle; null where it does not.</summary>
    public string? AbstainedBy(int row) => Judged(row).Select(score => score.AbstainedBy).FirstOrDefault(rule => rule is not null);

    private IEnumerable<RowScore> Judged(int row) =>
        new[] { this[RunPass.First, row], this[RunPass.Second, row] }.OfType<RowScore>().Where(score => !score.IsFailed);

    private Preference Calibrated(Preference preference, int row) => Calibrator.Apply(run.Judge.Calibration, preference, run.Battles[row]);

    private Shard? Find(IReadOnlyDictionary<string, Shard> shards, string name) =>
        shards.GetValueOrDefault(Shard.WholeOf(name)) is { } shard ? Shard.IsPart(name) ? shard.Part(name, run.Tokens) : shard : null;

    private static Preference Mean(Preference one, Preference other) => Core.Judging.SwapAveragedJudge.Mean(one, other);

    private Preference? Of(RunPass pass, int row) => _scores[pass][row] is { IsFailed: false } score ? score.Preference : null;

    private void Add(Shard shard, RowScore[] scores)
    {
        for (var i = 0; i < scores.Length; i++)
            _scores[shard.Pass][shard.Rows[i]] = scores[i];
        _read.Add(shard.Name);
    }

    private void GiveUp(string name)
    {
        run.Storage.Delete(ShardMarker.FileOf(name));
        Damaged++;
    }
}
