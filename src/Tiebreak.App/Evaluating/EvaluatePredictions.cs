using Tiebreak.Core;
using Tiebreak.Core.Evaluation;
using Tiebreak.Data;
using Tiebreak.Data.Submissions;

namespace Tiebreak.App.Evaluating;

/// <summary>Compares a file of preferences with what people voted, on the battles that it has a prediction for.</summary>
public sealed record EvaluatePredictions
{
    /// <summary>A file of preferences by id: a submission, or out-of-fold predictions of a part of the battles.</summary>
    public required string Predictions { get; init; }

    /// <summary>Files of labelled battles.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>How the file's numbers become probabilities that are none.</summary>
    public SubmissionScale Scale { get; init; }

    /// <summary>How to cut the battles.</summary>
    public SliceChoice Slices { get; init; } = new();

    /// <summary>Evaluates.</summary>
    /// <exception cref="InputException">A file cannot be used, or no battle has a prediction.</exception>
    public async Task<EvaluationDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var file = PredictionFile.Read(Predictions, Scale); // before the battles: it is read in no time
        var set = await BattleFiles.LoadAsync(context, Data, BattlePurpose.Train, cancellationToken).ConfigureAwait(false);
        var overlap = PredictionOverlap.Of(Predictions, file, set.Battles);
        var evaluation = DetailedEvaluation.Create(
            overlap.Preferences, new LabelledBattles(overlap.Battles), Slices.Cut(overlap.Battles, context, cancellationToken),
            context.Seed, context.Threads);
        return new EvaluationDocument(Predictions, evaluation, flips: null, set.Problems)
        {
            ShownFirst = Slices.ShownFirst,
            Remarks = [.. overlap.Remarks, .. file.Remarks],
            BattlesWithoutPrediction = overlap.WithoutPrediction,
            PredictionsWithoutBattle = overlap.WithoutBattle.Count,
        };
    }
}
