using Tiebreak.Core.Judging;
using Tiebreak.Features.LightGbm;
using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.LearnedGroups;

/// <summary>Counts how battles ended in which a word occurs, on everything and without each fold.</summary>
/// <param name="options">How much rare words are trusted.</param>
/// <param name="terms">The words, and the vectors of the battles.</param>
internal sealed class WordClassTrainer(WordClassOptions options, SharedTerms terms) : ILearnedGroupTrainer
{
    public (ILearnedGroup Group, FeatureMatrix OutOfFold) Train(TrainingJob job, CancellationToken cancellationToken)
    {
        var (vocabulary, vectors) = terms.Get(job, cancellationToken);
        var everything = Count(job, vectors, vocabulary.Terms.Count, [.. Enumerable.Range(0, vectors.Count)]);
        var outOfFold = new FeatureMatrix(vectors.Count, WordClassGroup.AllColumns.Length);
        for (var fold = 0; fold < job.FoldCount; fold++)
        {
            var odds = Odds(Count(job, vectors, vocabulary.Terms.Count, job.Outside(fold)));
            foreach (var i in job.Inside(fold))
                WordClassGroup.Fill(odds, vectors[i], outOfFold[i]);
            job.Progress?.Report(new JobProgress("counting wins of words", fold + 1, job.FoldCount));
        }

        return (new WordClassGroup(vocabulary, Odds(everything)), outOfFold);
    }

    private static (double Win, double Loss, double Tie)[] Count(
        TrainingJob job, IReadOnlyList<BattleVectors> vectors, int terms, int[] rows)
    {
        var counts = new (double Win, double Loss, double Tie)[terms];
        foreach (var i in rows)
        {
            var (target, weight) = (job.Battles.Targets[i], job.Weights[i]);
            foreach (var term in vectors[i].A.Indices)
            {
                counts[term] = (
                    counts[term].Win + (weight * target.A),
                    counts[term].Loss + (weight * target.B),
                    counts[term].Tie + (weight * target.Tie));
            }

            foreach (var term in vectors[i].B.Indices)
            {
                counts[term] = (
                    counts[term].Win + (weight * target.B),
                    counts[term].Loss + (weight * target.A),
                    counts[term].Tie + (weight * target.Tie));
            }
        }

        return counts;
    }

    private (float Win, float Tie)[] Odds((double Win, double Loss, double Tie)[] counts)
    {
        // The average word, counted as often as it occurs.
        var total = counts.Aggregate(
            (Win: 1.0, Loss: 1.0, Tie: 1.0), (sum, count) => (sum.Win + count.Win, sum.Loss + count.Loss, sum.Tie + count.Tie));
        var all = total.Win + total.Loss + total.Tie;
        var (win, tie) = ((total.Win + total.Loss) / 2 / all, total.Tie / all);
        return [.. counts.Select(count =>
        {
            var decided = (options.Smoothing * win) + count.Win;
            var lost = (options.Smoothing * win) + count.Loss;
            var tied = (options.Smoothing * tie) + count.Tie;
            return ((float)Math.Log(decided / lost), (float)(Math.Log(tied / (decided + lost)) - Math.Log(tie / (2 * win))));
        })];
    }
}

/// <summary>How the average class probability per word is learned.</summary>
internal sealed record WordClassOptions
{
    /// <summary>Each word starts with so many battles of average outcome, so that rare words say little.</summary>
    public double Smoothing { get; init; } = 20;
}
