using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Metrics;
using Tiebreak.Features.Counted;
using Tiebreak.Features.LightGbm;
using Tiebreak.Features.Linear;
using Tiebreak.Features.Trees;

namespace Tiebreak.Features.FeatureJudges;

/// <summary>The trees and the linear model of a judge, without each fold in turn.</summary>
/// <param name="Trees">The trees.</param>
/// <param name="Linear">The linear model over the counted features; null where the recipe leaves it out.</param>
/// <param name="OutOfFold">What both together say about each battle, without its fold.</param>
internal sealed record FoldModels(TreeFolds Trees, LinearModelFolds? Linear, IReadOnlyList<Preference> OutOfFold)
{
    /// <summary>Learns them.</summary>
    /// <param name="options">The recipe.</param>
    /// <param name="job">The battles and their folds.</param>
    /// <param name="features">Their features.</param>
    /// <param name="schema">What the columns are.</param>
    /// <param name="counted">How many of the columns, the first ones, are counted.</param>
    /// <param name="stage">What the progress calls the growing of the trees.</param>
    /// <param name="cancellationToken">Stops between rounds and steps.</param>
    public static FoldModels Learn(
        FeatureJudgeOptions options, TrainingJob job, FeatureMatrix features, FeatureSchema schema, int counted, string stage,
        CancellationToken cancellationToken)
    {
        var trees = TreeFolds.Grow(options.Boosting, job, features, schema, stage, cancellationToken);
        if (options.Linear.Share == 0 || counted == 0)
            return new FoldModels(trees, Linear: null, trees.OutOfFold);

        var linear = LinearModelFolds.Fit(
            options.Linear, job, features.WithColumns([.. Enumerable.Range(0, counted)]),
            new FeatureSchema([.. schema.Columns.Take(counted)]), cancellationToken);
        return new FoldModels(
            trees, linear, [.. trees.OutOfFold.Zip(linear.OutOfFold, (one, other) => Blend.Of(one, other, options.Linear.Share))]);
    }

    /// <summary>The mean log loss on the battles of the kind that the judge is for, before calibration.</summary>
    public double Loss(TrainingJob job) => LossOf(job, OutOfFold);

    /// <summary>The mean log loss of preferences on the battles of the kind that the judge is for.</summary>
    public static double LossOf(TrainingJob job, IReadOnlyList<Preference> preferences) =>
        Enumerable.Range(0, preferences.Count).Where(i => job.IsTarget[i]).Average(i => LogLoss.Of(preferences[i], job.Battles.Targets[i]));
}
