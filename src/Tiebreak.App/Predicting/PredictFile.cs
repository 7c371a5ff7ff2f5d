using System.Diagnostics;
using System.Text.Json.Serialization;
using Tiebreak.App.Evaluating;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Files;
using Tiebreak.Core.Judging;
using Tiebreak.Data;
using Tiebreak.Data.Submissions;
using Tiebreak.Reports.Documents;
using Tiebreak.Runs;

namespace Tiebreak.App.Predicting;

/// <summary>Predicts what people prefer, for every row of a file, in one go; see <see cref="PredictInRun"/> for long jobs.</summary>
public sealed record PredictFile
{
    private const int FailuresSaid = 5;

    /// <summary>Folder of the judge's bundle.</summary>
    public required string Judge { get; init; }

    /// <summary>File of the battles.</summary>
    public required string Data { get; init; }

    /// <summary>The submission to write.</summary>
    public required string Out { get; init; }

    /// <summary>True to write winners (<c>id,winner</c>) instead of probabilities.</summary>
    public bool Winners { get; init; }

    /// <summary>Folder of a fast judge's bundle, for battles that break the other one; null for the class shares.</summary>
    public string? Fallback { get; init; }

    /// <summary>Whether both orders of A and B are judged; null: as the bundle says.</summary>
    public SwapPolicy? Swap { get; init; }

    /// <summary>
    /// A file to write with what the judge names for every battle, where it abstains, and the outcomes that the verdict is among, as the
    /// rules of its bundle say; null for none.
    /// </summary>
    public string? Decisions { get; init; }

    /// <summary>A file with pooled states of the battles; null for none.</summary>
    public string? States { get; init; }

    /// <summary>A file with numbers of the battles by id; null for none.</summary>
    public string? Numbers { get; init; }

    /// <summary>Predicts, and writes the submission.</summary>
    /// <exception cref="InputException">The bundle or the data cannot be used.</exception>
    /// <exception cref="TiebreakException">The judge fails, or the submission cannot be written.</exception>
    public async Task<PredictionDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var bundle = await context.OpenAsync(Judge, cancellationToken).ConfigureAwait(false);
        await using var closingBundle = bundle.ConfigureAwait(false);
        DecisionFile.ThrowIfImpossible(Decisions, bundle, Swap ?? bundle.Manifest.Swap);
        context = context.ReadingFor(bundle);
        var judge = Swap is { } swap ? bundle.WithSwap(swap) : bundle.Judge;
        var set = await BattleFiles.LoadAsync(context, [Data], BattlePurpose.Test, cancellationToken, States).ConfigureAwait(false);
        set = NumbersInput.Supply(context, bundle, set, Numbers, mayLack: true, cancellationToken);
        if (SeenShare.IsTrainedOn(bundle, set.Files[0]))
            context.Warn($"the judge was trained on {Data} itself, so its preferences there are better than on new battles.");

        var ((prediction, seconds), truncation) = await Truncation.WithAsync(
            bundle.OneOrder, set.Battles, isTimed: false, JudgeAsync, cancellationToken).ConfigureAwait(false);
        return new PredictionDocument(Out, prediction, set.Problems, seconds)
        {
            Truncation = truncation,
            Decisions = Decisions is null ? null : Decide(bundle, set.Battles, prediction),
        };

        async Task<(DirectPrediction Prediction, double Seconds)> JudgeAsync()
        {
            var clock = Stopwatch.StartNew();
            var judged = await JudgeOrFallBackAsync(context, judge, bundle.Manifest.Prior, set.Battles, cancellationToken)
                .ConfigureAwait(false);
            var taken = clock.Elapsed.TotalSeconds;
            string[] ids = [.. set.Battles.Select(battle => battle.Id)];
            if (Winners)
                AtomicFile.Write(Out, stream => SubmissionFile.WriteWinners(stream, ids, judged.Preferences));
            else
                SubmissionFile.Write(Out, ids, judged.Preferences);
            return (judged, taken);
        }
    }

    private DecisionCounts Decide(Bundle bundle, IReadOnlyList<Battle> battles, DirectPrediction prediction)
    {
        var failed = prediction.Failed.Select(row => row.Row).ToHashSet();
        return DecisionFile.Write(Decisions!, bundle, battles, row => new DecisionRow(
            prediction.Preferences[row], !failed.Contains(row), prediction.NeitherAcceptable[row], prediction.AbstainedBy[row]));
    }

    private async Task<DirectPrediction> JudgeOrFallBackAsync(
        JobContext context, IJudge judge, Preference prior, IReadOnlyList<Battle> battles, CancellationToken cancellationToken)
    {
        var progress = new StageProgress(context.Progress, "judging", battles.Count);
        var prediction = await DirectPrediction.JudgeAsync(judge, battles, prior, context.Warn, progress, cancellationToken)
            .ConfigureAwait(false);
        if (prediction.Failed.Count == 0)
            return prediction;

        if (Fallback is not null)
        {
            var fallback = await context.OpenAsync(Fallback, cancellationToken).ConfigureAwait(false);
            await using var closingFallback = fallback.ConfigureAwait(false);
            prediction = await prediction.WithFallbackAsync(fallback.Judge, battles, context.Warn, cancellationToken).ConfigureAwait(false);
        }

        WarnOfFailures(context, prediction);
        return prediction;
    }

    private void WarnOfFailures(JobContext context, DirectPrediction prediction)
    {
        var (failed, substitute) = (prediction.Failed, Fallback is null ? "the class shares" : "the fallback's preference");
        foreach (var row in failed.Take(FailuresSaid))
            context.Warn($"battle {row.Id} broke the judge and gets {substitute}: {row.Reason}");
        if (failed.Count > FailuresSaid)
        {
            context.Warn(
                Invariant($"{failed.Count:N0} battles broke the judge and get {substitute}; the first {FailuresSaid} are above."));
        }

        if (!prediction.IsMostlyJudged)
            context.Warn("More than a fifth of the battles broke the judge, so this counts as a failure.");
    }
}

/// <summary>A prediction of a file.</summary>
public sealed class PredictionDocument : IDocument
{
    private readonly DirectPrediction _prediction;

    internal PredictionDocument(string path, DirectPrediction prediction, IReadOnlyList<RowProblem> problems, double seconds)
    {
        (Out, _prediction, Problems, Seconds) = (path, prediction, problems, seconds);
        var preferences = prediction.Preferences;
        MeanPreference = new PerOutcome<double>(
            preferences.Average(p => p.A), preferences.Average(p => p.B), preferences.Average(p => p.Tie));
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => $"Prediction of {Path.GetFileName(Out)}";

    /// <summary>The preferences, in the order of the rows.</summary>
    [JsonIgnore]
    public IReadOnlyList<Preference> Preferences => _prediction.Preferences;

    /// <summary>Whether the judge answered for at least four fifths of the battles; otherwise the prediction counts as a failure.</summary>
    [JsonIgnore]
    public bool IsMostlyJudged => _prediction.IsMostlyJudged;

    /// <summary>Rows predicted: all that there are.</summary>
    public int Rows => Preferences.Count;

    /// <summary>Battles that broke the judge and got another preference.</summary>
    public IEnumerable<BrokenBattle> Failed => BrokenBattle.Of(_prediction.Failed);

    /// <summary>Rows that could not be read as they should.</summary>
    public IReadOnlyList<RowProblem> Problems { get; }

    /// <summary>Time of judging, in seconds.</summary>
    public double Seconds { get; }

    /// <summary>Speed of judging.</summary>
    public double RowsPerSecond => Rows / Seconds;

    /// <summary>The mean of all preferences.</summary>
    public PerOutcome<double> MeanPreference { get; }

    /// <summary>The submission that was written.</summary>
    public string Out { get; }

    /// <summary>What the judge did not read; null where it has no budget of tokens.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Truncation? Truncation { get; init; }

    /// <summary>How many battles the judge answers; null where nobody asked for decisions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DecisionCounts? Decisions { get; init; }

    /// <inheritdoc/>
    public IEnumerable<Section> Sections()
    {
        var mean = MeanPreference;
        yield return new Paragraph(
            Invariant($"Wrote {Out}: {Quantity.Of(Rows, "row")} in {Seconds:F1} s ({Quantity.PerSecond(RowsPerSecond)}), ") +
            Invariant($"mean preference A {mean.A:P1}, B {mean.B:P1}, tie {mean.Tie:P1}."));
        if (Decisions is not null)
            yield return new Paragraph(Decisions.Summary);
        if (Truncation?.Summary is { } summary)
            yield return new Paragraph(summary);
    }
}
