using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Comparing;

/// <summary>
/// How much each battle of one file should count so that the file looks like another: the odds that a battle which looks so is from the
/// other file, by a classifier that has not seen its prompt (Bickel, Brueckner and Scheffer 2007, "Discriminative learning for differing
/// training and test distributions").
/// </summary>
internal static class ImportanceWeights
{
    // A battle that counts more decides the judge alone; cutting it off costs some bias and saves much variance.
    private const double Most = 20;

    /// <summary>Weighs the battles.</summary>
    /// <param name="train">The battles to weigh.</param>
    /// <param name="test">The battles that they shall look like; of many a sample is looked at.</param>
    /// <param name="seed">Decides sample and folds.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>A weight above 0 for each battle of <paramref name="train"/>; their mean is 1.</returns>
    public static double[] Of(
        IReadOnlyList<Battle> train, IReadOnlyList<Battle> test, ulong seed, int threads, CancellationToken cancellationToken)
    {
        test = FileComparison.Sample(test, seed + 1);
        Battle[] battles = [.. train, .. test];
        bool[] isTest = [.. battles.Select((_, i) => i >= train.Count)];
        var table = FeatureTable.Of(battles, FileComparison.HaveModels(train, test), threads, cancellationToken);
        var folds = FileComparison.AssignFolds(PromptGroup.Number(battles), isTest, seed);

        var weights = new double[train.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, FileComparison.Folds, parallel, fold =>
        {
            int[] ofTrain = EvenSample([.. Enumerable.Range(0, train.Count).Where(i => folds[i] != fold)]);
            int[] ofTest = [.. Enumerable.Range(train.Count, test.Count).Where(i => folds[i] != fold)];
            var classifier = SideClassifier.Fit(table, _ => true, [.. ofTrain, .. ofTest], isTest);
            for (var i = 0; i < weights.Length; i++)
            {
                if (folds[i] != fold)
                    continue;
                var probability = classifier.ProbabilityOf(table.Rows[i]);
                weights[i] = Math.Clamp(probability / (1 - probability) * ofTrain.Length / ofTest.Length, 1 / Most, Most);
            }
        });

        var mean = weights.Average();
        return [.. weights.Select(weight => weight / mean)];
    }

    private static int[] EvenSample(int[] rows)
    {
        var count = Math.Min(rows.Length, FileComparison.MostBattles);
        return [.. Enumerable.Range(0, count).Select(k => rows[(int)((long)k * rows.Length / count)])];
    }
}
