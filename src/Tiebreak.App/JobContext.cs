using Tiebreak.Core.Bundles;
using Tiebreak.Core.Judging;

namespace Tiebreak.App;

/// <summary>What a host gives to every use case: its judge kinds, the options that all jobs share, and where to report.</summary>
public sealed record JobContext
{
    /// <summary>The judge kinds of the host.</summary>
    public required JudgeRegistry Judges { get; init; }

    /// <summary>Every random choice follows from it.</summary>
    public ulong Seed { get; init; }

    /// <summary>Threads to use; results do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Told what the job is doing; called from several threads.</summary>
    public IProgress<JobProgress>? Progress { get; init; }

    /// <summary>Told, while the job goes on, what a person should know about its input or its course; one sentence each.</summary>
    public Action<string> Warn { get; init; } = _ => { };

    internal Task<Bundle> OpenAsync(string folder, CancellationToken cancellationToken) => Bundle.OpenAsync(folder, Judges, cancellationToken);
}
