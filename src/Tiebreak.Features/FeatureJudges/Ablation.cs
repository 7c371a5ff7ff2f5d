using Tiebreak.Core.Judging;
using Tiebreak.Features.Counted;
using Tiebreak.Features.LightGbm;

namespace Tiebreak.Features.FeatureJudges;

/// <summary>What a judge loses without a group of features.</summary>
/// <param name="Group">The group that was left out.</param>
/// <param name="Loss">The out-of-fold log loss without it, before calibration.</param>
internal sealed record Ablation(string Group, double Loss)
{
    /// <summary>
    /// Grows the trees of all folds, and fits the linear model, once more for every group, without its columns. Learned groups are not
    /// learned again.
    /// </summary>
    public static IReadOnlyList<Ablation> Measure(
        FeatureJudgeOptions options, TrainingJob job, FeatureMatrix features, FeatureSchema schema, int counted,
        CancellationToken cancellationToken)
    {
        string[] groups = [.. schema.Columns.Select(column => column.Group).Distinct(StringComparer.Ordinal)];
        if (groups.Length < 2)
            return [];

        var results = new List<Ablation>();
        foreach (var group in groups)
        {
            int[] kept = [.. Enumerable.Range(0, schema.Columns.Count)
                .Where(k => !string.Equals(schema.Columns[k].Group, group, StringComparison.Ordinal))];
            var models = FoldModels.Learn(
                options, job, features.WithColumns(kept),
                new FeatureSchema([.. kept.Select(k => schema.Columns[k])]), kept.Count(k => k < counted),
                $"growing trees without {group}", cancellationToken);
            results.Add(new Ablation(group, models.Loss(job)));
        }

        return results;
    }
}
