using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tiebreak.Core;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Hosting.Batching;

namespace Tiebreak.Hosting.Serving;

/// <summary>A judge of a service, from the start of the program to its end.</summary>
/// <param name="options">The bundle, and how much is asked at once.</param>
/// <param name="loggerFactory">Where it is logged what happens.</param>
/// <param name="clock">The clock.</param>
internal sealed class ServedJudge(TiebreakOptions options, ILoggerFactory loggerFactory, TimeProvider clock)
    : BackgroundService, IJudge, IHealthCheck
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private OpenedJudge? _current;

    /// <summary>The options.</summary>
    public TiebreakOptions Options => options;

    /// <summary>Told what was asked and answered; null for nobody.</summary>
    public IAnswerObserver? Observer { get; set; }

    /// <summary>Done when the bundle is open and proven; failed if it cannot be opened.</summary>
    public Task Opened => _opened.Task;

    /// <inheritdoc/>
    /// <exception cref="NotReadyException">The bundle is not open yet.</exception>
    public JudgeTraits Traits
    {
        get
        {
            using var lease = Rent();
            return lease.Judge.Answering.Traits;
        }
    }

    /// <summary>The judge for the length of a request.</summary>
    /// <exception cref="NotReadyException">The bundle is not open yet, or not any more.</exception>
    public JudgeLease Rent()
    {
        while (Volatile.Read(ref _current) is { } judge)
        {
            if (judge.TryRent())
                return new JudgeLease(judge, Observer);
        }

        throw new NotReadyException();
    }

    /// <summary>The judge for the length of a request that asks it; a request that is refused has not been read.</summary>
    /// <exception cref="NotReadyException">The bundle is not open yet, or not any more.</exception>
    /// <exception cref="QueueFullException">Hardly anything fits into the queue.</exception>
    public JudgeLease RentToAsk()
    {
        var lease = Rent();
        try
        {
            lease.Judge.Batching.ThrowIfNearlyFull();
            return lease;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default)
    {
        await Opened.WaitAsync(cancellationToken).ConfigureAwait(false);
        using var lease = Rent();
        return await lease.Judge.Answering.JudgeAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Opened switch
        {
            { IsCompletedSuccessfully: true } => HealthCheckResult.Healthy("The judge has reproduced its check rows."),
            { IsFaulted: true } => HealthCheckResult.Unhealthy("The judge's bundle cannot be opened."),
            _ => HealthCheckResult.Unhealthy("The judge is being opened."),
        });

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await DisposeAsync().AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _current, value: null) is { } judge)
            await judge.RetireAsync().ConfigureAwait(false);
        Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            _current = await OpenedJudge.OpenAsync(options, loggerFactory, clock, stoppingToken).ConfigureAwait(false);
            _opened.SetResult();
        }
        catch (Exception exception)
        {
            _opened.SetException(exception);
            throw;
        }

        if (options.ReloadInterval is { } interval)
            await FollowAsync(interval, stoppingToken).ConfigureAwait(false);
    }

    /// <summary>Looks now and then whether another bundle lies in the folder, and serves that one from then on.</summary>
    private async Task FollowAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        var logger = loggerFactory.CreateLogger<ServedJudge>();
        var refused = "";
        using var timer = new PeriodicTimer(interval, clock);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            var version = "";
            try
            {
                version = await OpenedJudge.VersionOfAsync(options.Judge, cancellationToken).ConfigureAwait(false);
                if (version.Length == 0 || string.Equals(version, _current!.Version, StringComparison.Ordinal))
                    continue;
                var next = await OpenedJudge.OpenAsync(options, loggerFactory, clock, cancellationToken).ConfigureAwait(false);
                var before = Interlocked.Exchange(ref _current, next)!;
                ServingLog.Replaced(logger, before.Version, next.Version);

                // Requests that have begun are answered by the bundle that they began with.
                _ = before.RetireAsync();
            }
            catch (Exception exception) when (exception is TiebreakException or IOException or UnauthorizedAccessException)
            {
                // It may still be being copied; said once.
                if (!string.Equals(version, refused, StringComparison.Ordinal))
                    ServingLog.Kept(logger, exception.Message);
                refused = version;
            }
        }
    }
}

/// <summary>The judge has not been opened yet. Nothing is wrong with the request.</summary>
internal sealed class NotReadyException : TiebreakException
{
    /// <summary>The code of this error.</summary>
    public const string ErrorCode = "not-ready";

    public NotReadyException()
        : base("The judge is being opened. Ask again in a second.") => Code = ErrorCode;
}
