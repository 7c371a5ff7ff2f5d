using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Judging;
using Tiebreak.Data;
using Tiebreak.Reports.Documents;
using Tiebreak.Runs;
using Tiebreak.Runs.Results;

namespace Tiebreak.App.Predicting;

/// <summary>
/// Predicts what people prefer, for every row of a file, as a run: with a folder that survives crashes, a time budget, several processes.
/// </summary>
public sealed record PredictInRun
{
    /// <summary>A bundle in this subfolder of the judge's is its fast judge.</summary>
    private const string FallbackFolder = "fallback";

    /// <summary>Folder of the judge's bundle.</summary>
    public required string Judge { get; init; }

    /// <summary>File of the battles.</summary>
    public required string Data { get; init; }

    /// <summary>A file with numbers of the battles by id, for judges that learned from such; null for none.</summary>
    public string? Numbers { get; init; }

    /// <summary>The submission to write.</summary>
    public required string Out { get; init; }

    /// <summary>True to write winners (<c>id,winner</c>) instead of probabilities.</summary>
    public bool Winners { get; init; }

    /// <summary>Folder of the run.</summary>
    public required string Folder { get; init; }

    /// <summary>
    /// Folder of a fast judge's bundle, for battles that the other one fails on or has no time for; null for class shares.
    /// </summary>
    public string? Fallback { get; init; }

    /// <summary>Whether both orders of A and B are judged; null: as the bundle says.</summary>
    public SwapPolicy? Swap { get; init; }

    /// <summary>
    /// A file to write with what the judge names for every battle, where it abstains, and the outcomes that the verdict is among, as the
    /// rules of its bundle say; null for none.
    /// </summary>
    public string? Decisions { get; init; }

    /// <summary>True to go on with a run that is already in the folder.</summary>
    public bool Resume { get; init; }

    /// <summary>The moment at which everything must be written; null for as long as it takes.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Processes that share the work, this one included.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>
    /// Starts one more worker process on a run, given its number (this process is number 0). The task ends with the process and fails with
    /// the reason if the process does; cancelling ends the process. Needed for several workers.
    /// </summary>
    public Func<PredictInRun, int, CancellationToken, Task>? StartWorker { get; init; }

    /// <summary>The fast judge that lies in the folder of a judge's bundle; null for none.</summary>
    public static string? FallbackIn(string judge) =>
        Path.Combine(judge, FallbackFolder) is var own && File.Exists(Path.Combine(own, Bundle.ManifestName)) ? own : null;

    /// <summary>Predicts, and writes the submission.</summary>
    /// <exception cref="InputException">A bundle, the data or the folder cannot be used.</exception>
    /// <exception cref="TiebreakException">It was stopped, the judge fails, or a file cannot be written.</exception>
    public async Task<RunDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var bundle = await context.OpenAsync(Judge, cancellationToken).ConfigureAwait(false);
        await using var closing = bundle.ConfigureAwait(false);
        DecisionFile.ThrowIfImpossible(Decisions, bundle, Swap ?? bundle.Manifest.Swap);
        context = context.ReadingFor(bundle);
        var set = await BattleFiles.LoadAsync(context, [Data], BattlePurpose.Test, cancellationToken).ConfigureAwait(false);
        set = NumbersInput.Supply(context, bundle, set, Numbers, mayLack: true, cancellationToken);
        var (document, truncation) = await Truncation.WithAsync(
            bundle.OneOrder, set.Battles, isTimed: Deadline is not null, () => RunAsync(context, bundle, set, cancellationToken),
            cancellationToken).ConfigureAwait(false);
        return document with
        {
            Truncation = truncation,
            Decisions = Decisions is null ? null : document.Decide(Decisions, bundle, set.Battles),
        };
    }

    /// <summary>Predicts with an open bundle.</summary>
    internal async Task<RunDocument> RunAsync(JobContext context, Bundle bundle, BattleSet set, CancellationToken cancellationToken)
    {
        var judge = RunJudge.Of(bundle, Judge);
        if (Fallback is null)
            return await RunAsync(context, judge, SecondOrderOf(bundle), set, cancellationToken).ConfigureAwait(false);

        var fallback = await context.OpenAsync(Fallback, cancellationToken).ConfigureAwait(false);
        await using var closing = fallback.ConfigureAwait(false);
        return await RunAsync(context, judge.WithFallback(fallback, Fallback), SecondOrderOf(bundle), set, cancellationToken)
            .ConfigureAwait(false);
    }

    private async Task<RunDocument> RunAsync(
        JobContext context, RunJudge judge, SecondOrder secondOrder, BattleSet set, CancellationToken cancellationToken)
    {
        var request = new RunRequest
        {
            Folder = Folder,
            Data = set,
            DataPath = Data,
            NumbersPath = Numbers,
            Judge = judge,
            Out = Out,
            Winners = Winners,
            SecondOrder = secondOrder,
            Resume = Resume,
            Deadline = Deadline,
            Workers = Workers,
            StartWorker = StartWorker is { } start ? (number, cancel) => start(this, number, cancel) : null,
            Progress = context.Progress,
            Say = context.OnWarning,
            LoggerFactory = context.LoggerFactory,
        };
        try
        {
            return new RunDocument(request, await ScoringRun.RunAsync(request, cancellationToken).ConfigureAwait(false), set.Problems);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new TiebreakException($"Stopped. {Out} holds what was judged until now; the same with `resume` goes on.")
            {
                Code = ErrorCodes.Stopped,
                Parameters = ["resume"],
            };
        }
    }

    // With a deadline the least certain battles get the second order first.
    private SecondOrder SecondOrderOf(Bundle bundle) => (Swap ?? bundle.Manifest.Swap) is SwapPolicy.Never
        ? SecondOrder.None
        : Deadline is null ? SecondOrder.All : SecondOrder.Uncertain;
}

/// <summary>What became of a run.</summary>
public record RunDocument : IDocument
{
    private const int FailuresShown = 5;

    private readonly RunRequest _request;
    private readonly RunReport _report;

    internal RunDocument(RunRequest request, RunReport report, IReadOnlyList<RowProblem> problems) =>
        (_request, _report, Problems) = (request, report, problems);

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => $"Run of {Path.GetFileName(Out)}";

    /// <summary>Battles.</summary>
    public int Rows => _report.Rows;

    /// <summary>False if time ran out before everything was judged; resuming goes on.</summary>
    public bool Complete => _report.IsComplete;

    /// <summary>Battles whose preference is the mean of both orders.</summary>
    public int BothOrders => _report.BothOrders;

    /// <summary>Battles that were judged in one order.</summary>
    public int OneOrder => _report.OneOrder;

    /// <summary>Battles with the preference of the fallback judge.</summary>
    public int Fallback => _report.Fallback;

    /// <summary>Battles with the class shares.</summary>
    public int ClassShares => _report.ClassShares;

    /// <summary>Battles that broke the judge.</summary>
    public IEnumerable<BrokenBattle> Failed => BrokenBattle.Of(_report.Failed);

    /// <summary>What the second order changed; null where no labels tell.</summary>
    public SwapGain? SwapGain => _report.SwapGain;

    /// <summary>Rows that could not be read as they should.</summary>
    public IReadOnlyList<RowProblem> Problems { get; }

    /// <summary>Time of the run, in seconds.</summary>
    public double Seconds => _report.Seconds;

    /// <summary>Time that judges worked on finished shards, over all workers and resumptions, in seconds.</summary>
    public double JudgeSeconds => _report.JudgeSeconds;

    /// <summary>Time until the first valid submission lay there, in seconds.</summary>
    public double FirstSubmissionSeconds => _report.FirstSubmissionSeconds;

    /// <summary>Speed of the whole run.</summary>
    public double RowsPerSecond => _report.Rows / _report.Seconds;

    /// <summary>The mean of all preferences.</summary>
    public PerOutcome<double> MeanPreference => PerOutcome.Of(_report.MeanPreference);

    /// <summary>Which battles were to be judged in the second order too.</summary>
    public SecondOrder SecondOrder => _request.Judge.OneOrder.Traits.IsSymmetric ? SecondOrder.None : _request.SecondOrder;

    /// <summary>Processes that shared the work.</summary>
    public int Workers => _request.Workers;

    /// <summary>True to write winners (<c>id,winner</c>) instead of probabilities.</summary>
    public bool Winners { get; init; }

    /// <summary>Folder of the run.</summary>
    public string Run => _request.Folder;

    /// <summary>The submission that was written.</summary>
    public string Out => _request.Out;

    /// <summary>What the judge did not read; null where it has no budget of tokens.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Truncation? Truncation { get; init; }

    /// <summary>How many battles the judge answers; null where nobody asked for decisions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DecisionCounts? Decisions { get; init; }

    /// <summary>
    /// Writes what the judge decides. Battles that it has not judged in as many orders as its bundle says are left to a person.
    /// </summary>
    internal DecisionCounts Decide(string path, Bundle bundle, IReadOnlyList<Battle> battles)
    {
        var needed = bundle.Manifest.Swap is SwapPolicy.Always && !bundle.OneOrder.Traits.IsSymmetric
            ? RowSource.BothOrders : RowSource.OneOrder;
        return DecisionFile.Write(path, bundle, battles, i =>
        {
            var row = _report.Judged[i];
            return new DecisionRow(row.Preference, row.Source >= needed, row.NeitherAcceptable, row.AbstainedBy);
        });
    }

    /// <inheritdoc/>
    public virtual IEnumerable<Section> Sections()
    {
        foreach (var battle in Failed.Take(FailuresShown))
            yield return battle.ToSection();
        if (_report.Failed.Count > FailuresShown)
            yield return new Paragraph(Invariant($"... and {_report.Failed.Count - FailuresShown:N0} more; rows.csv in {Run} lists them."));

        yield return new Paragraph(
            Invariant($"Wrote {Out}: {Quantity.Of(Rows, "row")} in {Seconds:F1} s; ") +
            Invariant($"the first valid one lay there after {FirstSubmissionSeconds:F2} s."));
        yield return new Paragraph(
            Invariant($"Both orders {BothOrders:N0}, one order {OneOrder:N0}, fallback judge {Fallback:N0}, ") +
            Invariant($"class shares {ClassShares:N0}."));
        if (SwapGain is { } gain)
        {
            yield return new Paragraph(
                Invariant($"On {gain.Rows:N0} labelled battles the second order changed the log loss from {gain.OneOrder:F4} ") +
                Invariant($"to {gain.BothOrders:F4}."));
        }

        if (Decisions is not null)
            yield return new Paragraph(Decisions.Summary);
        if (!Complete)
            yield return new Paragraph("Time ran out before everything was judged; the run can be resumed with more time.");
        if (Truncation?.Summary is { } summary)
            yield return new Paragraph(summary);
    }
}
