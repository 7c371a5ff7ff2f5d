using System.Globalization;

namespace Tiebreak.Features.LightGbm;

/// <summary>
/// Gradient boosting with soft labels, which LightGBM's own multi-class objective does not take: gradients and hessians of the
/// cross-entropy are computed here, and so is the validation loss that decides when to stop.
/// </summary>
/// <param name="options">How trees are grown.</param>
/// <param name="objective">What they are grown for.</param>
/// <param name="featureNames">One name per feature, without spaces.</param>
/// <param name="seed">Seed of row and feature sampling.</param>
/// <param name="threads">Threads to use; the result does not depend on it.</param>
internal sealed class BoostingTrainer(
    BoostingOptions options, IBoostingObjective objective, IReadOnlyList<string> featureNames, ulong seed, int threads)
{
    // Below this many rows for each thread, waiting for one another costs more than the work.
    private const int RowsPerThread = 5000;

    /// <summary>Trains a number of rounds, fewer where no leaf can be split any more.</summary>
    /// <param name="rows">Training rows.</param>
    /// <param name="rounds">Rounds to train.</param>
    /// <param name="grown">Called after each round.</param>
    /// <param name="cancellationToken">Stops between rounds.</param>
    public Booster Train(LabelledRows rows, int rounds, Action? grown = null, CancellationToken cancellationToken = default)
    {
        using var binned = Bin(rows);
        var growth = Start(binned);
        while (growth.Rounds < rounds && !growth.IsFinished)
        {
            cancellationToken.ThrowIfCancellationRequested();
            growth.Grow();
            grown?.Invoke();
        }

        return growth.Booster;
    }

    /// <summary>Puts the features of rows into bins.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="reference">Training rows whose bins validation rows are put into.</param>
    internal BinnedRows Bin(LabelledRows rows, BinnedRows? reference = null) =>
        BinnedRows.Create(rows, featureNames, Parameters(), ThreadsFor(rows.Targets.Count), reference);

    /// <summary>A booster without trees.</summary>
    /// <param name="rows">Training rows; they must live until the last round.</param>
    /// <param name="validation">Rows that only decide when to stop; null where nothing does.</param>
    internal TreeGrowth Start(BinnedRows rows, BinnedRows? validation = null)
    {
        var used = ThreadsFor(rows.Count);
        using var turn = LightGbmThreads.Take(used);
        LightGbmLibrary.Check(LightGbmNative.LGBM_BoosterCreate(rows.Handle, Parameters(), out var pointer));
        var handle = new BoosterHandle(pointer);
        if (validation is not null)
            LightGbmLibrary.Check(LightGbmNative.LGBM_BoosterAddValidData(handle, validation.Handle));
        return new TreeGrowth(handle, objective, rows, validation, used);
    }

    private int ThreadsFor(int rows) => Math.Clamp(rows / RowsPerThread, 1, Math.Max(1, threads));

    // By columns, because each tree looks at a part of the features only: LightGBM's way by rows goes through all of them.
    private string Parameters() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        objective=custom num_class={objective.Scores} metric=none verbosity=-1 deterministic=true force_col_wise=true
        num_threads={LightGbmThreads.Unlimited}
        seed={seed % int.MaxValue} learning_rate={options.LearningRate} num_leaves={options.Leaves} min_data_in_leaf={options.MinRowsInLeaf}
        feature_fraction={options.FeatureFraction} bagging_fraction={options.RowFraction} bagging_freq=1 lambda_l2={options.L2} max_bin=127
        extra_trees={(options.ExtraTrees ? "true" : "false")} path_smooth={options.PathSmooth}
        """).ReplaceLineEndings(" ");
}
