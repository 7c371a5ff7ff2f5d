using System.Globalization;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Boosting.LightGbm;

/// <summary>
/// Gradient boosting with soft labels, which LightGBM's own multi-class objective does not take: gradients and hessians of the cross-entropy
/// are computed here, and so is the validation loss that decides when to stop.
/// </summary>
/// <param name="options">How trees are grown.</param>
/// <param name="featureNames">One name per feature, without spaces.</param>
/// <param name="seed">Seed of row and feature sampling.</param>
/// <param name="threads">Threads to use; the result does not depend on it.</param>
public sealed class BoostingTrainer(BoostingOptions options, IReadOnlyList<string> featureNames, ulong seed, int threads)
{
    private const int Classes = 3;

    // Below this many rows for each thread, waiting for one another costs more than the work.
    private const int RowsPerThread = 5000;

    /// <summary>Trains until the validation loss stops falling.</summary>
    /// <param name="rows">Training rows.</param>
    /// <param name="validation">Rows that only decide when to stop.</param>
    /// <param name="cancellationToken">Stops between rounds.</param>
    /// <returns>The trees and the mean validation log loss after each round.</returns>
    public (Booster Booster, IReadOnlyList<double> Losses) Train(LabelledRows rows, LabelledRows validation, CancellationToken cancellationToken = default)
    {
        using var data = CreateDataset(rows.Features, reference: null);
        using var validationData = CreateDataset(validation.Features, data);
        var handle = CreateBooster(data, rows.Features.Rows);
        LightGbmLibrary.Check(LightGbmNative.LGBM_BoosterAddValidData(handle, validationData));

        var losses = new List<double>();
        var best = 0;
        var scores = new double[validation.Features.Rows * Classes];
        Grow(handle, rows, options.Rounds, IsStillImproving, cancellationToken);
        return (new Booster(handle), losses);

        bool IsStillImproving()
        {
            ReadScores(handle, dataIndex: 1, scores);
            losses.Add(MeanLoss(scores, validation));
            if (losses[^1] < losses[best])
                best = losses.Count - 1;
            return losses.Count - 1 - best < options.Patience;
        }
    }

    /// <summary>Trains a fixed number of rounds.</summary>
    /// <param name="rows">Training rows.</param>
    /// <param name="rounds">Rounds to train.</param>
    /// <param name="cancellationToken">Stops between rounds.</param>
    public Booster Train(LabelledRows rows, int rounds, CancellationToken cancellationToken = default)
    {
        using var data = CreateDataset(rows.Features, reference: null);
        var handle = CreateBooster(data, rows.Features.Rows);
        Grow(handle, rows, rounds, () => true, cancellationToken);
        return new Booster(handle);
    }

    private static unsafe void Grow(BoosterHandle handle, LabelledRows rows, int rounds, Func<bool> continueAfterRound, CancellationToken cancellationToken)
    {
        var scores = new double[rows.Targets.Count * Classes];
        var gradient = new float[rows.Targets.Count * Classes];
        var hessian = new float[rows.Targets.Count * Classes];
        for (var round = 0; round < rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadScores(handle, dataIndex: 0, scores);
            Differentiate(scores, rows, gradient, hessian);
            int isFinished;
            fixed (float* g = gradient, h = hessian)
                LightGbmLibrary.Check(LightGbmNative.LGBM_BoosterUpdateOneIterCustom(handle, g, h, out isFinished));
            if (isFinished != 0 || !continueAfterRound())
                return;
        }
    }

    /// <summary>Scores are class-major: class k of row i stands at k * rows + i.</summary>
    private static unsafe void ReadScores(BoosterHandle handle, int dataIndex, double[] scores)
    {
        fixed (double* result = scores)
            LightGbmLibrary.Check(LightGbmNative.LGBM_BoosterGetPredict(handle, dataIndex, out _, result));
    }

    // Cross-entropy of a softmax: g = p - q; LightGBM scales the diagonal hessian p (1 - p) by K / (K - 1), as its own objective does.
    private static void Differentiate(double[] scores, LabelledRows labelled, float[] gradient, float[] hessian)
    {
        var rows = labelled.Targets.Count;
        const double factor = Classes / (Classes - 1.0);
        for (var i = 0; i < rows; i++)
        {
            var p = Preference.FromScores(scores[i], scores[rows + i], scores[(2 * rows) + i]);
            var (q, weight) = (labelled.Targets[i], labelled.Weights[i]);
            gradient[i] = (float)(weight * (p.A - q.A));
            gradient[rows + i] = (float)(weight * (p.B - q.B));
            gradient[(2 * rows) + i] = (float)(weight * (p.Tie - q.Tie));
            hessian[i] = (float)(weight * factor * p.A * (1 - p.A));
            hessian[rows + i] = (float)(weight * factor * p.B * (1 - p.B));
            hessian[(2 * rows) + i] = (float)(weight * factor * p.Tie * (1 - p.Tie));
        }
    }

    private static double MeanLoss(double[] scores, LabelledRows labelled)
    {
        var rows = labelled.Targets.Count;
        var sum = 0.0;
        for (var i = 0; i < rows; i++)
            sum += labelled.Weights[i] * LogLoss.Of(Preference.FromScores(scores[i], scores[rows + i], scores[(2 * rows) + i]), labelled.Targets[i]);
        return sum / labelled.Weights.Sum();
    }

    private unsafe DatasetHandle CreateDataset(FeatureMatrix features, DatasetHandle? reference)
    {
        LightGbmLibrary.EnsureLoaded();
        nint pointer;
        fixed (float* data = features.Values)
        {
            LightGbmLibrary.Check(LightGbmNative.LGBM_DatasetCreateFromMat(
                data, LightGbmNative.Float32, features.Rows, features.Columns, 1, Parameters(features.Rows), reference?.DangerousGetHandle() ?? 0, out pointer));
        }

        var handle = new DatasetHandle(pointer);
        fixed (float* labels = new float[features.Rows]) // asked for by LightGBM, never used by a custom objective
            LightGbmLibrary.Check(LightGbmNative.LGBM_DatasetSetField(handle, "label", labels, features.Rows, LightGbmNative.Float32));
        if (reference is null)
            LightGbmLibrary.Check(LightGbmNative.LGBM_DatasetSetFeatureNames(handle, [.. featureNames], featureNames.Count));
        return handle;
    }

    private BoosterHandle CreateBooster(DatasetHandle data, int rows)
    {
        LightGbmLibrary.Check(LightGbmNative.LGBM_BoosterCreate(data, Parameters(rows), out var pointer));
        return new BoosterHandle(pointer);
    }

    private string Parameters(int rows) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        objective=custom num_class={Classes} metric=none verbosity=-1 deterministic=true force_row_wise=true
        num_threads={Math.Clamp(rows / RowsPerThread, 1, threads)}
        seed={seed % int.MaxValue} learning_rate={options.LearningRate} num_leaves={options.Leaves} min_data_in_leaf={options.MinRowsInLeaf}
        feature_fraction={options.FeatureFraction} bagging_fraction={options.RowFraction} bagging_freq=1 lambda_l2={options.L2} max_bin=127
        """).ReplaceLineEndings(" ");
}
