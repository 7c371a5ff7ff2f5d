using System.Runtime.Intrinsics;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;

namespace Tiebreak.Features.TermVectors;

/// <summary>
/// Fits a <see cref="PairLinearModel"/> without each fold and one on everything, all at once: L2-penalised cross-entropy, minimised by
/// L-BFGS. The problem is convex, so there is one answer; no model starts from another, because an answer short of the minimum would
/// remember the fold that the other has seen.
/// </summary>
/// <param name="terms">Places of the vectors.</param>
/// <param name="l2">Penalty on the weights, beside the sum of the log losses (scikit-learn's 1/C): more data, more freedom.</param>
/// <param name="maxSteps">Most steps of the optimiser.</param>
/// <param name="isDense">
/// Whether all places of the vectors are alike, not words some of which are rare: then one scale for all needs the fewest steps.
/// </param>
internal sealed class PairLinearTrainer(int terms, double l2, int maxSteps, bool isDense = false)
{
    // A decrease of the loss by less than this for each battle moves the scores of the battles by less than 1e-4 (root mean square), which
    // no tree notices.
    private const double Tolerance = 1e-9;

    /// <summary>Fits the models.</summary>
    /// <param name="rows">The training battles.</param>
    /// <param name="leftOut">For each model the fold that it must not see; -1 for none.</param>
    /// <param name="threads">Threads to use; the result does not depend on it.</param>
    /// <param name="job">Told the steps of the optimiser, out of the most that it may take; null for nobody.</param>
    /// <param name="stage">The name of this work, for the progress.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <exception cref="TiebreakException">The optimiser did not converge.</exception>
    public IReadOnlyList<PairLinearModel> Fit(
        PairLinearRows rows, IReadOnlyList<int> leftOut, int threads, IProgress<JobProgress>? job = null, string stage = "",
        CancellationToken cancellationToken = default)
    {
        int[][] parts = [.. leftOut.Chunk(PairLinearLoss.Models)];
        var most = maxSteps * parts.Length;
        var models = parts.SelectMany((some, part) =>
            FitSome(rows, some, threads, new StageProgress(job, stage, most, before: part * maxSteps), cancellationToken)).ToList();
        job?.Report(new JobProgress(stage, most, most)); // it hardly ever needs them all
        return models;
    }

    private IEnumerable<PairLinearModel> FitSome(
        PairLinearRows rows, int[] leftOut, int threads, StageProgress progress, CancellationToken cancellationToken)
    {
        progress.Report(0);
        var loss = new PairLinearLoss(terms, l2, rows, leftOut, threads);
        var curvature = loss.Curvature();
        if (isDense)
            Array.Fill(curvature, curvature.Max());
        var minimum = new LaneMinimizer(loss, curvature)
            .Minimise(Tolerance * rows.Weights.Sum(), maxSteps, progress, cancellationToken);
        return leftOut.Select((_, model) => ModelOf(minimum, model));
    }

    private PairLinearModel ModelOf(Vector256<float>[] parameters, int model)
    {
        var weights = new double[parameters.Length];
        for (var term = 0; term < terms; term++)
        {
            weights[term] = parameters[2 * term][model];
            weights[terms + term] = parameters[(2 * term) + 1][model];
            weights[(2 * terms) + term] = parameters[(2 * terms) + term][model];
        }

        weights[^1] = parameters[^1][model];
        return new PairLinearModel(terms, weights);
    }
}

/// <summary>What <see cref="PairLinearTrainer"/> learns from; one entry per battle in each.</summary>
/// <param name="Battles">The vectors.</param>
/// <param name="Targets">The labels.</param>
/// <param name="Weights">How much each battle counts.</param>
/// <param name="Folds">The fold of each battle, from 0.</param>
internal sealed record PairLinearRows(
    IReadOnlyList<BattleVectors> Battles, IReadOnlyList<Preference> Targets, IReadOnlyList<double> Weights, IReadOnlyList<int> Folds);
