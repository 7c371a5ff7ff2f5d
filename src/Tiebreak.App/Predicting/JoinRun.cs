using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Data;
using Tiebreak.Reports.Documents;
using Tiebreak.Runs;

namespace Tiebreak.App.Predicting;

/// <summary>Joins a scoring run with one more process, on this machine or another that sees its folder.</summary>
public sealed record JoinRun
{
    /// <summary>Folder of the run.</summary>
    public required string Folder { get; init; }

    /// <summary>Where the judge's bundle lies on this machine; null for where the run says.</summary>
    public string? Judge { get; init; }

    /// <summary>Where the data lies on this machine; null for where the run says.</summary>
    public string? Data { get; init; }

    /// <summary>Where the fallback's bundle lies on this machine; null for the judge's folder or where the run says.</summary>
    public string? Fallback { get; init; }

    /// <summary>Works until every shard is finished or the run's time is up.</summary>
    /// <exception cref="InputException">There is no such run, or its judge or data is not here.</exception>
    /// <exception cref="TiebreakException">The judge fails, or results cannot be written.</exception>
    public async Task<JoinedRun> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var manifest = ScoringRun.ReadManifest(Folder);
        var (judge, data) = (Judge ?? manifest.JudgePath, Data ?? manifest.DataPath);
        var fallback = manifest.FallbackSha256 is null ? null : Fallback ?? PredictInRun.FallbackIn(judge) ?? manifest.FallbackPath;
        var bundle = await context.OpenAsync(judge, cancellationToken).ConfigureAwait(false);
        await using var closing = bundle.ConfigureAwait(false);
        context = context.ReadingFor(bundle);
        var runJudge = RunJudge.Of(bundle, judge);
        if (fallback is null)
            return await RunAsync(context, runJudge, data, cancellationToken).ConfigureAwait(false);

        var second = await context.OpenAsync(fallback, cancellationToken).ConfigureAwait(false);
        await using var closingSecond = second.ConfigureAwait(false);
        return await RunAsync(context, runJudge.WithFallback(second, fallback), data, cancellationToken).ConfigureAwait(false);
    }

    private async Task<JoinedRun> RunAsync(JobContext context, RunJudge judge, string data, CancellationToken cancellationToken)
    {
        var set = await BattleFiles.LoadAsync(context, [data], BattlePurpose.Test, cancellationToken).ConfigureAwait(false);
        var finished = await ScoringRun.JoinAsync(
            Folder, set, data, judge, context.Progress, context.OnWarning, context.LoggerFactory, cancellationToken).ConfigureAwait(false);
        return new JoinedRun(Folder, finished);
    }
}

/// <summary>What became of a run that was joined.</summary>
/// <param name="Run">Folder of the run.</param>
/// <param name="Finished">False if its time was up first.</param>
public sealed record JoinedRun(string Run, bool Finished) : IDocument
{
    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => $"Run in {Path.GetFileName(Run)}";

    /// <inheritdoc/>
    public IEnumerable<Section> Sections() => [new Paragraph(Finished ? "Every shard of the run is finished." : "The run's time is up.")];
}
