using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Data;
using Tiebreak.Data.Submissions;

namespace Tiebreak.App.Evaluating;

/// <summary>Compares a file of preferences with what people voted.</summary>
public sealed record EvaluatePredictions
{
    /// <summary>A submission.</summary>
    public required string Predictions { get; init; }

    /// <summary>Files of labelled battles.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>How to cut the battles.</summary>
    public SliceChoice Slices { get; init; } = new();

    /// <summary>Evaluates.</summary>
    /// <exception cref="InputException">A file cannot be used, or a battle has no prediction.</exception>
    public async Task<EvaluationDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var set = await BattleFiles.LoadAsync(context, Data, BattlePurpose.Train, cancellationToken).ConfigureAwait(false);
        var evaluation = DetailedEvaluation.Create(
            Align(set.Battles), new LabelledBattles(set.Battles), Slices.Cut(set.Battles, context, cancellationToken),
            context.Seed, context.Threads);
        return new EvaluationDocument(Predictions, evaluation, flips: null, set.Problems) { ShownFirst = Slices.ShownFirst };
    }

    private Preference[] Align(IReadOnlyList<Battle> battles)
    {
        var byId = SubmissionFile.Read(Predictions).ToDictionary(row => row.Id, row => row.Preference, StringComparer.Ordinal);
        return [.. battles.Select(battle => byId.TryGetValue(battle.Id, out var preference)
            ? preference
            : throw new InputException(
                $"{Predictions} has no row for battle {battle.Id}. Predict this very file, or run `tiebreak submission repair`."))];
    }
}
