using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Data.Submissions;
using Tiebreak.Runs.Leases;
using Tiebreak.Runs.Planning;
using Tiebreak.Runs.Storage;
using Tiebreak.Testing;

namespace Tiebreak.Runs.Tests;

/// <summary>Battles in a file, and a folder for runs over them.</summary>
internal sealed class RunFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public RunFixture(int rows = 60, bool labelled = false)
        : this(SyntheticBattles.Create(rows, labelled: labelled))
    {
    }

    public RunFixture(IReadOnlyList<Battle> battles)
    {
        BattleWriter.WriteJsonl(_folder["battles.jsonl"], battles);
        Data = BattleSet.Load([_folder["battles.jsonl"]], new BattleReadOptions { Purpose = BattlePurpose.Test });
    }

    public BattleSet Data { get; }

    public string this[string name] => _folder[name];

    public string Submission => _folder["submission.csv"];

    /// <summary>What a run in memory has submitted.</summary>
    public IReadOnlyList<SubmissionRow> Submitted(MemoryStorage storage)
    {
        File.WriteAllBytes(Submission, storage.Read(Path.GetFullPath(Submission))!);
        return SubmissionFile.Read(Submission);
    }

    public RunRequest Request(RunJudge judge, SecondOrder second = SecondOrder.All, string folder = "run") => new()
    {
        Folder = _folder[folder],
        Data = Data,
        DataPath = _folder["battles.jsonl"],
        Judge = judge,
        Out = Submission,
        SecondOrder = second,
        ShardSize = new ShardSize(100_000, 7),
    };

    public static Task<RunReport> RunAsync(
        RunRequest request, IRunStorage? storage = null, LeaseOwner? owner = null, Func<LeaseOwner, bool>? isGone = null) =>
        ScoringRun.RunAsync(
            request,
            storage ?? new DiskStorage(request.Folder),
            owner ?? LeaseOwner.OfThisProcess(),
            context => Impatient(context, isGone),
            CancellationToken.None);

    public void Dispose() => _folder.Dispose();

    private static RunContext Impatient(RunContext context, Func<LeaseOwner, bool>? isGone) => new()
    {
        Storage = context.Storage,
        Manifest = context.Manifest,
        Battles = context.Battles,
        Tokens = context.Tokens,
        Judge = context.Judge,
        Clock = context.Clock,
        Say = context.Say,
        StoragePause = TimeSpan.Zero,
        IsGone = isGone ?? (owner => owner.IsGone()),
    };
}
