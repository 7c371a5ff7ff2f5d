using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Evaluation;

namespace Tiebreak.Core.Ensembles;

/// <summary>
/// Fits the weights of a blend by log loss, which is convex in them for both poolings: first a temperature for each member, then the
/// weights, then a temperature for the result. Weights of bins are drawn towards those of all battles.
/// </summary>
/// <param name="Pooling">How to pool.</param>
/// <param name="By">What battles are divided by into bins with weights of their own; null for the same weights everywhere.</param>
internal sealed record BlendFit(Pooling Pooling, BattleBins? By = null)
{
    // Precision of the weights around equal ones, so that members that say the same still have one answer; and of those of bins around
    // those of all battles, from which they are taken to differ by about a tenth.
    private const double Ridge = 0.01;
    private const double BinRidge = 100;

    /// <summary>Fits a blend.</summary>
    /// <param name="members">For each member one preference per battle, of judges that had not learned from the battle.</param>
    /// <param name="labelled">The battles with what people said, and how much each counts.</param>
    public Blend Of(IReadOnlyList<IReadOnlyList<Preference>> members, LabelledBattles labelled)
    {
        Temperature[] temperatures =
            [.. members.Select(said => Calibrator.FitTemperature(said, labelled.Targets, labelled.Weights))];
        Preference[][] scaled = [.. members.Select((said, k) => said.Select(temperatures[k].Apply).ToArray())];
        var loss = new BlendLoss(Pooling, scaled, labelled);
        var everywhere = loss.Lowest(rows: null, [.. members.Select(_ => 1.0 / members.Count)], Ridge);
        var bins = By is { } by ? BattleBinning.Fit(by, labelled.Battles) : null;
        var rowsOfBins = bins is null ? null : Enumerable.Range(0, labelled.Count).ToLookup(i => bins.BinOf(labelled.Battles[i]));
        var blend = new Blend
        {
            Pooling = Pooling,
            MemberTemperatures = [.. temperatures.Select(temperature => temperature.Value)],
            Weights = everywhere,
            Bins = bins,
            BinWeights = rowsOfBins is null
                ? []
                : [.. Enumerable.Range(0, bins!.Count).Select(bin => loss.Lowest([.. rowsOfBins[bin]], everywhere, BinRidge))],
        };
        var pooled = Apply(blend, members, labelled.Battles);
        return blend with { Temperature = Calibrator.FitTemperature(pooled, labelled.Targets, labelled.Weights).Value };
    }

    /// <summary>Blends each fold with what is fitted to all other folds: what the blend will do on new battles.</summary>
    /// <param name="members">For each member one preference per battle.</param>
    /// <param name="labelled">The battles with what people said.</param>
    /// <param name="folds">The fold of each battle.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it. -1: no limit.</param>
    public Preference[] CrossFit(
        IReadOnlyList<IReadOnlyList<Preference>> members, LabelledBattles labelled, IReadOnlyList<int> folds, int threads = -1)
    {
        var blended = new Preference[labelled.Count];
        Parallel.For(0, folds.Max() + 1, new ParallelOptions { MaxDegreeOfParallelism = threads }, fold =>
        {
            int[] others = [.. Enumerable.Range(0, folds.Count).Where(i => folds[i] != fold)];
            int[] own = [.. Enumerable.Range(0, folds.Count).Where(i => folds[i] == fold)];
            var blend = others.Length == 0
                ? Blend.Equal(Pooling, members.Count)
                : Of([.. members.Select(said => others.Select(i => said[i]).ToArray())], labelled.Only(others));
            var ofFold = Apply(
                blend, [.. members.Select(said => own.Select(i => said[i]).ToArray())], [.. own.Select(i => labelled.Battles[i])]);
            for (var i = 0; i < own.Length; i++)
                blended[own[i]] = ofFold[i];
        });
        return blended;
    }

    /// <summary>Blends battle by battle.</summary>
    public static Preference[] Apply(
        Blend blend, IReadOnlyList<IReadOnlyList<Preference>> members, IReadOnlyList<Battle> battles) =>
        [.. battles.Select((battle, i) => blend.Apply([.. members.Select(said => said[i])], battle))];
}
