using System.Security.Cryptography;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Judging;
using Tiebreak.Hosting.Batching;
using Tiebreak.Runs.Planning;

namespace Tiebreak.Hosting.Serving;

/// <summary>A bundle that is being served. It is closed when it has been replaced and nobody uses it any more.</summary>
internal sealed class OpenedJudge
{
    private const int VersionLength = 12;

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _users;
    private bool _isRetired;

    private OpenedJudge(Bundle bundle, string version, BatchingJudge batching)
    {
        (Bundle, Version, Batching) = (bundle, version, batching);
        Answering = bundle.Around(batching, bundle.Manifest.Swap);
    }

    /// <summary>The bundle.</summary>
    public Bundle Bundle { get; }

    /// <summary>
    /// What tells this bundle from others: the beginning of its manifest's SHA-256, which covers the hashes of all its files.
    /// </summary>
    public string Version { get; }

    /// <summary>The judge of one order, without calibration, whose callers share batches.</summary>
    public BatchingJudge Batching { get; }

    /// <summary>The same with the bundle's calibration, swap policy and rule to abstain.</summary>
    public IJudge Answering { get; }

    /// <summary>Opens and proves a bundle.</summary>
    /// <exception cref="Core.InputException">Not a bundle, damaged, or it does not reproduce its check rows.</exception>
    public static async Task<OpenedJudge> OpenAsync(
        TiebreakOptions options, ILoggerFactory loggerFactory, TimeProvider clock, CancellationToken cancellationToken)
    {
        // Read before: a bundle that is replaced meanwhile is found out at the next look.
        var version = await VersionOfAsync(options.Judge, cancellationToken).ConfigureAwait(false);
        var bundle = await Bundle.OpenAsync(
            options.Judge, new JudgeRegistry(options.Kinds), options.Placement, loggerFactory: loggerFactory,
            cancellationToken: cancellationToken).ConfigureAwait(false);
        var limits = new BatchLimits
        {
            BatchBattles = options.BatchBattles,
            BatchTokens = options.BatchTokens,
            QueueBattles = options.QueueBattles,
            QueueTokens = Math.Max(new BatchLimits().QueueTokens, options.RequestBytes), // any request fits into an empty queue
            Patience = options.Timeout,
        };
        var logger = loggerFactory.CreateLogger<ServedJudge>();
        var batching = new BatchingJudge(bundle.OneOrder, TokenCost.Of, limits, text => ServingLog.Said(logger, text), clock);
        return new OpenedJudge(bundle, version, batching);
    }

    /// <summary>The version of the bundle that lies in a folder; empty if there is none.</summary>
    public static async Task<string> VersionOfAsync(string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, Bundle.ManifestName);
        if (!File.Exists(path))
            return "";
        var manifest = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        return Convert.ToHexStringLower(SHA256.HashData(manifest))[..VersionLength];
    }

    /// <summary>Keeps the bundle open until <see cref="Return"/>.</summary>
    /// <returns>False if it has been replaced.</returns>
    public bool TryRent()
    {
        lock (_lock)
        {
            if (_isRetired)
                return false;
            _users++;
            return true;
        }
    }

    /// <summary>Says that one user needs it no more.</summary>
    public void Return()
    {
        lock (_lock)
        {
            if (--_users > 0 || !_isRetired)
                return;
        }

        _closed.TrySetResult();
    }

    /// <summary>Lets nobody begin to use it, and closes it when the last user has gone.</summary>
    public async Task RetireAsync()
    {
        lock (_lock)
        {
            _isRetired = true;
            if (_users == 0)
                _closed.TrySetResult();
        }

        await _closed.Task.ConfigureAwait(false);
        await Bundle.DisposeAsync().ConfigureAwait(false);
    }
}

/// <summary>The right to use a judge for the length of a request.</summary>
/// <param name="judge">The judge, rented.</param>
/// <param name="observer">Told what was asked and answered; null for nobody.</param>
internal readonly struct JudgeLease(OpenedJudge judge, IAnswerObserver? observer) : IDisposable
{
    public OpenedJudge Judge => judge;

    public IAnswerObserver? Observer => observer;

    public void Dispose() => judge.Return();
}
