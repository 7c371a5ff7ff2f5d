using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Files;
using Tiebreak.Data;
using Tiebreak.Runs.Budgets;
using Tiebreak.Runs.Leases;
using Tiebreak.Runs.Planning;
using Tiebreak.Runs.Scoring;
using Tiebreak.Runs.Storage;

namespace Tiebreak.Runs;

/// <summary>
/// Scores a file in shards, each of which is finished for good once its result lies in the run's folder, so that whatever dies, only shards
/// in progress are done again. From the first moment on there is a valid submission; it gets better until the run ends. See docs/runs.md.
/// </summary>
public static class ScoringRun
{
    /// <summary>Begins or resumes a run and sees it through.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="cancellationToken">Stops the work of this process; what is finished stays and is in the submission.</param>
    /// <exception cref="ArgumentException">Several workers are asked for, but nothing that starts them.</exception>
    /// <exception cref="InputException">The folder has a run already, or one that was begun with something else.</exception>
    /// <exception cref="TiebreakException">
    /// Results cannot be written, or the judge fails on everything. The submission holds what was done before.
    /// </exception>
    public static Task<RunReport> RunAsync(RunRequest request, CancellationToken cancellationToken = default) =>
        RunAsync(request, new DiskStorage(request.Folder), LeaseOwner.OfThisProcess(), context => context, cancellationToken);

    /// <summary>Joins a run that another process has begun, and works until nothing is left or time is up.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="data">The battles of the run.</param>
    /// <param name="dataPath">The file of the battles.</param>
    /// <param name="judge">The judge of the run.</param>
    /// <param name="progress">Receives how far the work is.</param>
    /// <param name="say">Receives what a person should know.</param>
    /// <param name="loggerFactory">Where the work is logged, and what <paramref name="say"/> receives; null for nowhere.</param>
    /// <param name="numbersPath">The file of numbers that the battles bring along; null for none.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>True if everything is finished.</returns>
    /// <exception cref="InputException">There is no run, or it was begun with other data or another judge.</exception>
    /// <exception cref="TiebreakException">
    /// Neither results nor leases can be written. A worker that joins takes no work that it cannot record: several would do all of it
    /// again.
    /// </exception>
    public static async Task<bool> JoinAsync(
        string folder,
        BattleSet data,
        string dataPath,
        RunJudge judge,
        IProgress<Core.Judging.JobProgress>? progress,
        Action<string> say,
        ILoggerFactory? loggerFactory = null,
        string? numbersPath = null,
        CancellationToken cancellationToken = default)
    {
        var manifest = ReadManifest(folder);
        var request = new RunRequest
        {
            Folder = folder,
            Data = data,
            DataPath = dataPath,
            NumbersPath = numbersPath,
            Judge = judge,
            Out = "",
            SecondOrder = manifest.SecondOrder,
            Say = say,
            LoggerFactory = loggerFactory ?? NullLoggerFactory.Instance,
        };
        var context = Open(request, new DiskStorage(folder), manifest, TokenCost.Of(data.Battles));
        RunLog.Joined(context.Logger, folder, manifest.Rows);
        return await new RunWorker(context, LeaseOwner.OfThisProcess(), progress, isFirst: false).WorkAsync(cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>What a run was begun with.</summary>
    /// <exception cref="InputException">The folder has no run, or a damaged one, or one of another version.</exception>
    public static RunManifest ReadManifest(string folder) => ReadManifest(folder, new DiskStorage(folder)) ??
        throw new InputException(
            $"{folder} has no run: there is no {RunManifest.FileName} in it. Begin one with a prediction that names the folder as `run`.")
        {
            Code = ErrorCodes.RunMissing,
            Parameters = ["run"],
        };

    internal static async Task<RunReport> RunAsync(
        RunRequest request, IRunStorage storage, LeaseOwner owner, Func<RunContext, RunContext> adapt, CancellationToken cancellationToken)
    {
        if (request.Workers > 1 && request.StartWorker is null)
            throw new ArgumentException($"A run of {request.Workers} workers needs {nameof(RunRequest.StartWorker)}.", nameof(request));

        var clock = request.Clock;
        var started = clock.GetTimestamp();
        var manifest = ReadManifest(request.Folder, storage);
        if (manifest is not null && !request.Resume)
        {
            throw new InputException($"{request.Folder} has a run already. Give `resume` to go on with it, or name another folder.")
            {
                Code = ErrorCodes.RunExists,
                Parameters = ["resume"],
            };
        }

        storage.DeleteLeftOvers(Path.GetFullPath(request.Out));

        // The submission comes before everything else, also before the speed is known.
        var tokens = TokenCost.Of(request.Data.Battles);
        var writing = clock.GetTimestamp();
        var first = manifest is null ? null : new RunCoordinator(adapt(Open(request, storage, manifest, tokens)), request, owner);
        if (first is null)
            WriteClassShares(request, storage);
        else
            first.UpdateSubmission();
        var (writingTime, firstSubmission) = (clock.GetElapsedTime(writing), clock.GetElapsedTime(started));

        var speed = request.Deadline is { } deadline
            ? await SpeedSample.MeasureAsync(
                request.Judge.OneOrder, request.Data.Battles, BudgetPlan.SampleTime(deadline - clock.GetUtcNow()), clock, cancellationToken)
                    .ConfigureAwait(false)
            : null;
        if (speed?.Failure is { } failure)
            RunLog.Both(request.Say, LoggerOf(request))($"while its speed was measured, the judge failed on some battles: {failure}");
        var present = Describe(request, tokens, manifest?.ShardSize ?? request.ShardSize ?? SizeFor(request, speed, tokens));
        var written = manifest?.MovedTo(present) ?? present;
        if (written != manifest)
            storage.Replace(RunManifest.FileName, stream => JsonSerializer.Serialize(stream, written, RunJson.Default.RunManifest));

        storage.Delete(RunReport.FileName);
        WriteStopTime(request, storage, speed, writingTime);
        var coordinator = first ?? new RunCoordinator(adapt(Open(request, storage, written, tokens)), request, owner);
        var logger = LoggerOf(request);
        RunLog.Begun(
            logger, request.Folder, first is null ? "began" : "goes on", written.Rows, written.ShardSize.Rows, request.Workers,
            written.SecondOrder);
        RunLog.Measured(logger, speed, request.Deadline);
        return await coordinator.RunAsync(started, firstSubmission, cancellationToken).ConfigureAwait(false);
    }

    private static RunContext Open(RunRequest request, IRunStorage storage, RunManifest manifest, long[] tokens)
    {
        var logger = LoggerOf(request);
        ManifestCheck.Verify(request.Folder, manifest, Describe(request, tokens, manifest.ShardSize));
        return new RunContext
        {
            Storage = storage,
            Manifest = manifest,
            Battles = request.Data.Battles,
            Tokens = tokens,
            Judge = request.Judge,
            Clock = request.Clock,
            Say = RunLog.Both(request.Say, logger),
            Logger = logger,
        };
    }

    private static ILogger LoggerOf(RunRequest request) => request.LoggerFactory.CreateLogger(typeof(ScoringRun));

    private static RunManifest Describe(RunRequest request, long[] tokens, ShardSize size) => new()
    {
        FormatVersion = RunManifest.CurrentVersion,
        Created = request.Clock.GetUtcNow(),
        Data = request.Data.Files[0],
        DataPath = Path.GetFullPath(request.DataPath),
        NumbersPath = request.NumbersPath is { } numbers ? Path.GetFullPath(numbers) : null,
        NumbersSha256 = request.NumbersPath is null ? null : FileSha256.Of(request.NumbersPath),
        JudgePath = request.Judge.Path,
        JudgeSha256 = request.Judge.Sha256,
        FallbackPath = request.Judge.FallbackPath,
        FallbackSha256 = request.Judge.FallbackSha256,
        Rows = request.Data.Battles.Count,
        SecondOrder = request.Judge.OneOrder.Traits.IsSymmetric ? SecondOrder.None : request.SecondOrder,
        ShardSize = size,
        OrderSha256 = ShardCutter.Hash(ShardCutter.LongestFirst(tokens)),
        Versions = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Tiebreak"] = Version(),
            [".NET"] = RuntimeInformation.FrameworkDescription,
        },
    };

    // "0.1.0+" and the commit that was built; without the commit where git does not know it.
    private static string Version() =>
        typeof(ScoringRun).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static ShardSize SizeFor(RunRequest request, SpeedSample? speed, long[] tokens) => speed is null
        ? ShardSize.Standard
        : BudgetPlan.ShardSize(speed, tokens.Length, tokens.Sum(), request.Deadline!.Value - request.Clock.GetUtcNow());

    private static void WriteClassShares(RunRequest request, IRunStorage storage)
    {
        var shares = new Preference[request.Data.Battles.Count];
        Array.Fill(shares, request.Judge.Prior);
        storage.Replace(
            Path.GetFullPath(request.Out),
            stream => request.WriteSubmission(stream, [.. request.Data.Battles.Select(battle => battle.Id)], shares));
    }

    private static void WriteStopTime(RunRequest request, IRunStorage storage, SpeedSample? speed, TimeSpan writing)
    {
        if (request.Deadline is not { } deadline)
        {
            storage.Delete(StopTime.FileName);
            return;
        }

        var stop = new StopTime(
            BudgetPlan.StopAt(request.Clock.GetUtcNow(), deadline, writing), request.Workers, speed!.SecondsPerRow, speed.SecondsPerToken);
        storage.Replace(StopTime.FileName, stream => JsonSerializer.Serialize(stream, stop, RunJson.Default.StopTime));
    }

    private static RunManifest? ReadManifest(string folder, IRunStorage storage)
    {
        if (storage.Read(RunManifest.FileName) is not { } content)
            return null;

        try
        {
            var manifest = JsonSerializer.Deserialize(content, RunJson.Default.RunManifest);
            if (manifest is { FormatVersion: RunManifest.CurrentVersion, ShardSize: { Rows: > 0, Tokens: > 0 } })
                return manifest;
            throw new InputException(
                $"The run in {folder} has version {manifest?.FormatVersion}, but this program reads version {RunManifest.CurrentVersion}. "
                + "Use the Tiebreak that began it.");
        }
        catch (JsonException exception)
        {
            throw new InputException(
                $"{RunManifest.FileName} in {folder} is damaged: {exception.Message} Name another folder for a new run.", exception);
        }
    }
}
