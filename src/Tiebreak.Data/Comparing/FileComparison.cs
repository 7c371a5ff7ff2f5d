using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Randomness;
using Tiebreak.Core.Splitting;

namespace Tiebreak.Data.Comparing;

/// <summary>
/// How far two files of battles differ: whether a classifier that has not seen a battle can tell which file it is from (a classifier
/// two-sample test: Lopez-Paz and Oquab 2017), by what, and which battles of one file look like those of the other.
/// </summary>
internal sealed class FileComparison
{
    internal const int MostBattles = 4000; // of a file
    internal const int Folds = 5;

    private const int FewestPrompts = 20; // of a file

    private FileComparison(
        IReadOnlyList<ComparedBattle> battles, IReadOnlyList<Separation> separations, IReadOnlyList<FeatureShift> shifts) =>
        (Battles, Separations, Shifts) = (battles, separations, shifts);

    /// <summary>The battles that were compared, with the probability that they are from the second file.</summary>
    public IReadOnlyList<ComparedBattle> Battles { get; }

    /// <summary>How well everything together, and each kind of feature alone, tells the files apart.</summary>
    public IReadOnlyList<Separation> Separations { get; }

    /// <summary>All features, those that differ most surely first.</summary>
    public IReadOnlyList<FeatureShift> Shifts { get; }

    /// <summary>Compares.</summary>
    /// <param name="first">The battles of one file; of many a sample is compared.</param>
    /// <param name="second">Those of the other.</param>
    /// <param name="seed">Decides samples, folds and bootstraps.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="InputException">A file has too few different prompts.</exception>
    public static FileComparison Of(
        IReadOnlyList<Battle> first, IReadOnlyList<Battle> second, ulong seed, int threads, CancellationToken cancellationToken)
    {
        (first, second) = (Sample(first, seed), Sample(second, seed + 1));
        foreach (var (name, file) in new[] { ("first", first), ("second", second) })
        {
            if (PromptGroup.Number(file).Distinct().Count() is < FewestPrompts and var prompts)
            {
                throw new InputException(
                    $"The {name} file has battles about only {Quantity.Of(prompts, "different prompt")}; to compare files each needs at "
                    + $"least {FewestPrompts}.");
            }
        }

        Battle[] battles = [.. first, .. second];
        bool[] isSecond = [.. battles.Select((_, i) => i >= first.Count)];
        var groups = PromptGroup.Number(battles);
        var table = FeatureTable.Of(battles, HaveModels(first, second), threads, cancellationToken);
        var folds = AssignFolds(groups, isSecond, seed);

        var all = CrossValidate(_ => true);
        var separations = new List<Separation> { SeparationBy("everything", all) };
        foreach (var kind in table.Features.Select(feature => feature.Group).Distinct(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            separations.Add(SeparationBy(kind, CrossValidate(feature => string.Equals(feature.Group, kind, StringComparison.Ordinal))));
        }

        return new FileComparison(
            [.. battles.Select((battle, i) => new ComparedBattle(battle, isSecond[i], all[i]))], separations,
            FeatureShift.Of(table, isSecond));

        Separation SeparationBy(string kind, double[] probabilities)
        {
            var (auc, interval) = RankingAuc.Of(probabilities, isSecond, groups, seed);
            return new Separation(kind, auc, interval);
        }

        // Of each battle the probability by a classifier that has not seen its prompt.
        double[] CrossValidate(Func<ComparedFeature, bool> isUsed)
        {
            var probabilities = new double[battles.Length];
            Parallel.For(0, Folds, new ParallelOptions { MaxDegreeOfParallelism = threads }, fold =>
            {
                int[] learned = [.. Enumerable.Range(0, battles.Length).Where(i => folds[i] != fold)];
                var classifier = SideClassifier.Fit(table, isUsed, learned, isSecond);
                for (var i = 0; i < battles.Length; i++)
                {
                    if (folds[i] == fold)
                        probabilities[i] = classifier.ProbabilityOf(table.Rows[i]);
                }
            });
            return probabilities;
        }
    }

    /// <summary>Whether both files name models; else the names would tell the files apart and say nothing.</summary>
    internal static bool HaveModels(IReadOnlyList<Battle> first, IReadOnlyList<Battle> second) =>
        new[] { first, second }.All(file => file.Any(battle => (battle.ModelA ?? battle.ModelB) is not null));

    /// <summary>Folds with about the same share of both files; battles about one prompt share a fold.</summary>
    internal static int[] AssignFolds(int[] groups, bool[] isSecond, ulong seed) => GroupedParts.Assign(
        groups, 2, (i, side) => isSecond[i] == (side == 1) ? 1 : 0, [.. Enumerable.Repeat(1.0, Folds)], seed)!;

    /// <summary>The battles, or some of them where there are many.</summary>
    internal static IReadOnlyList<Battle> Sample(IReadOnlyList<Battle> battles, ulong seed)
    {
        if (battles.Count <= MostBattles)
            return battles;

        int[] rows = [.. Enumerable.Range(0, battles.Count)];
        new SeededRandom(seed).Shuffle(rows.AsSpan());
        return [.. rows[..MostBattles].Order().Select(row => battles[row])];
    }
}

/// <summary>A battle of one of two files.</summary>
/// <param name="Battle">The battle.</param>
/// <param name="IsOfSecond">Whether it is from the second file.</param>
/// <param name="Probability">How likely it is from there by its looks, as a classifier says that has not seen its prompt.</param>
internal sealed record ComparedBattle(Battle Battle, bool IsOfSecond, double Probability);

/// <summary>How well features tell two files apart.</summary>
/// <param name="By">Which: everything, or a kind of features alone.</param>
/// <param name="Auc">The cross-validated area under the ROC curve; 0.5 is chance, 1 is always.</param>
/// <param name="AucInterval">95 % interval, by bootstrap over prompts.</param>
internal sealed record Separation(string By, double Auc, Interval AucInterval);
