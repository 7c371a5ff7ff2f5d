using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Embeddings;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Routing;
using Tiebreak.Data;
using Tiebreak.Ratings.Routing;

namespace Tiebreak.App;

/// <summary>What a host gives to every use case: its judge kinds, the options that all jobs share, and where to report.</summary>
public sealed record JobContext
{
    /// <summary>The judge kinds of the host.</summary>
    public required JudgeRegistry Judges { get; init; }

    /// <summary>Where judges compute. Default: the CPU with all cores.</summary>
    public Placement Placement { get; init; } = new();

    /// <summary>Every random choice follows from it.</summary>
    public ulong Seed { get; init; }

    /// <summary>Threads of everything but judges; results do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// How battles and votes are read: what files call things, and which rows are wanted. Purpose, threads and progress are set by what is
    /// done. Without a mapping a judge's battles are read as those that it was trained on.
    /// </summary>
    public BattleReadOptions Reading { get; init; } = new();

    /// <summary>True to go on where much of the input cannot be used: a class of verdicts, or more than a fifth of the rows.</summary>
    public bool AcceptsLoss { get; init; }

    /// <summary>Told what the job is doing; called from several threads.</summary>
    public IProgress<JobProgress>? Progress { get; init; }

    /// <summary>Told, while the job goes on, what a person should know about its input or its course; one sentence each.</summary>
    public Action<string> OnWarning { get; init; } = _ => { };

    /// <summary>Told what a person may want to know and need not act on; one sentence each.</summary>
    public Action<string> OnNote { get; init; } = _ => { };

    /// <summary>Where jobs log what judges, runs and trainings do, warnings among it. Default: nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Warns, and logs it.</summary>
    internal void Warn(string text)
    {
        JobLog.Warned(LoggerFactory.CreateLogger<JobContext>(), text);
        OnWarning(text);
    }

    /// <summary>Opens a judge, and notes what there is to say about its bundle.</summary>
    /// <param name="folder">The bundle's folder.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    /// <exception cref="Core.InputException">Not a bundle, or a damaged one.</exception>
    public async Task<Bundle> OpenAsync(string folder, CancellationToken cancellationToken)
    {
        var bundle = await Bundle.OpenAsync(
            folder, Judges, Placement, loggerFactory: LoggerFactory, cancellationToken: cancellationToken).ConfigureAwait(false);
        NoteIfAny(bundle.Notice);
        NoteIfAny(bundle.OneOrder.Traits.Notice);
        return bundle;
    }

    /// <summary>The same for battles of a judge: they are read as those that it was trained on, unless something else was said.</summary>
    internal JobContext ReadingFor(Bundle bundle) => ReadingAs(bundle.Manifest.Mapping);

    /// <summary>The same with a mapping, unless another was given.</summary>
    internal JobContext ReadingAs(BattleMapping? mapping) =>
        this with { Reading = Reading with { Mapping = Reading.Mapping ?? mapping } };

    /// <summary>Opens a routing policy, and notes what there is to say about its folder.</summary>
    internal async Task<RoutingPolicy> OpenPolicyAsync(
        string folder, IPromptPredictorFormat format, ITextEmbedder? embedder, CancellationToken cancellationToken)
    {
        var policy = await RoutingPolicy.OpenAsync(folder, format, embedder, cancellationToken).ConfigureAwait(false);
        NoteIfAny(policy.Notice);
        return policy;
    }

    private void NoteIfAny(string? notice)
    {
        if (notice is not null)
            OnNote(notice);
    }
}

/// <summary>What jobs log besides the libraries.</summary>
internal static partial class JobLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Text}")]
    public static partial void Warned(ILogger logger, string text);
}
