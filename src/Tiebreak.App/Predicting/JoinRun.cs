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

    /// <summary>Where the file of numbers lies on this machine; null for where the run says.</summary>
    public string? Numbers { get; init; }

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
        var numbers = manifest.NumbersSha256 is null ? null : Numbers ?? manifest.NumbersPath;
        var set = await BattleFiles.LoadAsync(context, [data], BattlePurpose.Test, cancellationToken).ConfigureAwait(false);
        set = NumbersInput.Supply(context, bundle, set, numbers, mayLack: true, cancellationToken);
        if (fallback is null)
            return await JoinAsync(runJudge).ConfigureAwait(false);

        var second = await context.OpenAsync(fallback, cancellationToken).ConfigureAwait(false);
        await using var closingSecond = second.ConfigureAwait(false);
        return await JoinAsync(runJudge.WithFallback(second, fallback)).ConfigureAwait(false);

        async Task<JoinedRun> JoinAsync(RunJudge used) => new(
            Folder,
            await ScoringRun.JoinAsync(
                Folder, set, data, used, context.Progress, context.OnWarning, context.LoggerFactory, numbers, cancellationToken)
                    .ConfigureAwait(false));
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
