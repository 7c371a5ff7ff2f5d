using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Features.Counted;
using Tiebreak.Features.LightGbm;

namespace Tiebreak.Features.Linear;

/// <summary>The linear model over the counted features, fitted on everything and without each fold.</summary>
/// <param name="Model">The model of everything.</param>
/// <param name="OutOfFold">What the model that has not seen the battle's fold says about each battle.</param>
internal sealed record LinearModelFolds(LinearModel Model, IReadOnlyList<Preference> OutOfFold)
{
    /// <summary>Fits them.</summary>
    public static LinearModelFolds Fit(
        LinearOptions options, TrainingJob job, FeatureMatrix counted, FeatureSchema schema, CancellationToken cancellationToken)
    {
        var inputs = LinearInputs.Fit(schema, counted);
        var matrix = new FeatureMatrix(counted.Rows, inputs.Count);
        for (var i = 0; i < counted.Rows; i++)
            inputs.Fill(counted[i], matrix[i]);

        // Few rows are not worth several threads a step, so that whole fits run beside each other; many are.
        var isSmall = counted.Rows < LinearTrainer.FewestRowsForThreads;
        var trainer = new LinearTrainer(options, inputs.Differences, isSmall ? 1 : job.Threads);
        LinearWeights Fit(IEnumerable<int> rows) =>
            trainer.Fit(matrix, job.Battles.Targets, [.. rows.Select(i => (i, job.Weights[i]))], start: null, cancellationToken);

        // No fold starts from the weights of everything: an answer short of the minimum would remember the fold.
        var (everything, outOfFold, done) = ((LinearWeights?)null, new Preference[counted.Rows], 0);
        void FitFold(int fold)
        {
            if (fold == job.FoldCount)
            {
                everything = Fit(Enumerable.Range(0, counted.Rows));
                return;
            }

            var weights = Fit(job.Outside(fold));
            foreach (var i in job.Inside(fold))
                outOfFold[i] = weights.Predict(matrix[i]);
            job.Progress?.Report(new JobProgress("weighing counts", Interlocked.Increment(ref done), job.FoldCount));
        }

        ParallelLoop.For(job.FoldCount + 1, isSmall ? job.Threads : 1, FitFold, cancellationToken);
        return new LinearModelFolds(new LinearModel(inputs, everything!), outOfFold);
    }
}

/// <summary>The linear model over the counted features, which a feature judge blends with its trees and weighs sources by.</summary>
internal sealed record LinearOptions
{
    /// <summary>Weight of the linear model in the judge's answer, beside the trees (geometric mean); 0 leaves it out.</summary>
    public double Share { get; init; } = 0.4;

    /// <summary>L2 penalty on the weights of features scaled to standard deviation 1, beside the sum of the log losses.</summary>
    public double L2 { get; init; } = 500;

    /// <summary>Most steps of the optimiser.</summary>
    public int MaxSteps { get; init; } = 200;
}
