using System.Globalization;

namespace Tiebreak.Boosting.LightGbm;

/// <summary>
/// Gradient boosting with soft labels, which LightGBM's own multi-class objective does not take: gradients and hessians of the cross-entropy
/// are computed here, and so is the validation loss that decides when to stop.
/// </summary>
/// <param name="options">How trees are grown.</param>
/// <param name="objective">What they are grown for.</param>
/// <param name="featureNames">One name per feature, without spaces.</param>
/// <param name="seed">Seed of row and feature sampling.</param>
/// <param name="threads">Threads to use; the result does not depend on it.</param>
public sealed class BoostingTrainer(BoostingOptions options, IBoostingObjective objective, IReadOnlyList<string> featureNames, ulong seed, int threads)
{
    // Below this many rows for each thread, waiting for one another costs more than the work.
    private const int RowsPerThread = 5000;

    /// <summary>Trains until the validation loss stops falling.</summary>
    /// <param name="rows">Training rows.</param>
    /// <param name="validation">Rows that only decide when to stop.</param>
    /// <param name="cancellationToken">Stops between rounds.</param>
    /// <returns>The trees and the mean validation log loss after each round.</returns>
    public (Booster Booster, IReadOnlyList<double> Losses) Train(LabelledRows rows, LabelledRows validation, CancellationToken cancellationToken = default)
    {
        var used = ThreadsFor(rows.Features.Rows);
        using var data = CreateDataset(rows.Features, reference: null, used);
        using var validationData = CreateDataset(validation.Features, data, used);
        var handle = CreateBooster(data, used);
        using (LightGbmThreads.Take(used))
            LightGbmLibrary.Check(LightGbmNative.LGBM_BoosterAddValidData(handle, validationData));

        var losses = new List<double>();
        var best = 0;
        var scores = new double[validation.Features.Rows * objective.Scores];
        Grow(handle, rows, options.Rounds, used, IsStillImproving, cancellationToken);
        return (new Booster(handle), losses);

        bool IsStillImproving()
        {
            ReadScores(handle, dataIndex: 1, scores, used);
            losses.Add(objective.MeanLoss(scores, validation));
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
        var used = ThreadsFor(rows.Features.Rows);
        using var data = CreateDataset(rows.Features, reference: null, used);
        var handle = CreateBooster(data, used);
        Grow(handle, rows, rounds, used, () => true, cancellationToken);
        return new Booster(handle);
    }

    private unsafe void Grow(BoosterHandle handle, LabelledRows rows, int rounds, int used, Func<bool> continueAfterRound, CancellationToken cancellationToken)
    {
        var scores = new double[rows.Targets.Count * objective.Scores];
        var gradient = new float[scores.Length];
        var hessian = new float[scores.Length];
        for (var round = 0; round < rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadScores(handle, dataIndex: 0, scores, used);
            objective.Differentiate(scores, rows, gradient, hessian);
            int isFinished;
            using (LightGbmThreads.Take(used))
            {
                fixed (float* g = gradient, h = hessian)
                    LightGbmLibrary.Check(LightGbmNative.LGBM_BoosterUpdateOneIterCustom(handle, g, h, out isFinished));
            }

            if (isFinished != 0 || !continueAfterRound())
                return;
        }
    }

    private static unsafe void ReadScores(BoosterHandle handle, int dataIndex, double[] scores, int used)
    {
        using var turn = LightGbmThreads.Take(used);
        fixed (double* result = scores)
            LightGbmLibrary.Check(LightGbmNative.LGBM_BoosterGetPredict(handle, dataIndex, out _, result));
    }

    private unsafe DatasetHandle CreateDataset(FeatureMatrix features, DatasetHandle? reference, int used)
    {
        using var turn = LightGbmThreads.Take(used);
        nint pointer;
        fixed (float* data = features.Values)
        {
            LightGbmLibrary.Check(LightGbmNative.LGBM_DatasetCreateFromMat(
                data, LightGbmNative.Float32, features.Rows, features.Columns, 1, Parameters(), reference?.DangerousGetHandle() ?? 0, out pointer));
        }

        var handle = new DatasetHandle(pointer);
        fixed (float* labels = new float[features.Rows]) // asked for by LightGBM, never used by a custom objective
            LightGbmLibrary.Check(LightGbmNative.LGBM_DatasetSetField(handle, "label", labels, features.Rows, LightGbmNative.Float32));
        if (reference is null)
            LightGbmLibrary.Check(LightGbmNative.LGBM_DatasetSetFeatureNames(handle, [.. featureNames], featureNames.Count));
        return handle;
    }

    private BoosterHandle CreateBooster(DatasetHandle data, int used)
    {
        using var turn = LightGbmThreads.Take(used);
        LightGbmLibrary.Check(LightGbmNative.LGBM_BoosterCreate(data, Parameters(), out var pointer));
        return new BoosterHandle(pointer);
    }

    private int ThreadsFor(int rows) => Math.Clamp(rows / RowsPerThread, 1, Math.Max(1, threads));

    private string Parameters() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        objective=custom num_class={objective.Scores} metric=none verbosity=-1 deterministic=true force_row_wise=true
        num_threads={LightGbmThreads.Unlimited}
        seed={seed % int.MaxValue} learning_rate={options.LearningRate} num_leaves={options.Leaves} min_data_in_leaf={options.MinRowsInLeaf}
        feature_fraction={options.FeatureFraction} bagging_fraction={options.RowFraction} bagging_freq=1 lambda_l2={options.L2} max_bin=127
        extra_trees={(options.ExtraTrees ? "true" : "false")} path_smooth={options.PathSmooth}
        """).ReplaceLineEndings(" ");
}
