using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Ensembles;
using Tiebreak.Core.Evaluation;

namespace Tiebreak.App.Ensembles;

/// <summary>What blends are asked for, checked.</summary>
internal static class BlendInput
{
    /// <summary>The fewest labelled battles that weights are fitted to.</summary>
    public const int FewestRows = 50;

    /// <exception cref="InputException">Too few or too many members, or weights that are none.</exception>
    public static void ThrowIfImpossible(IReadOnlyList<string> members, IReadOnlyList<double> weights)
    {
        if (members.Count is < 2 or > BlendPredictions.MostMembers)
        {
            throw new InputException(
                $"A blend has 2 to {BlendPredictions.MostMembers} members; {members.Count} were given.");
        }

        if (weights.Count > 0 && weights.Count != members.Count)
        {
            throw Wrong(
                Invariant($"{weights.Count} `weights` were given for {members.Count} members. Give one for each, in their order."),
                "weights");
        }

        if (weights.Count > 0 && !(weights.All(weight => weight >= 0 && double.IsFinite(weight)) && weights.Sum() > 0))
            throw Wrong("`weights` are numbers from 0 up, not all 0: they are divided by their sum.", "weights");
    }

    /// <exception cref="InputException">No bins, or nothing that their weights could be fitted to.</exception>
    public static BattleBins? BinsOf(string? name, bool canFit) => name switch
    {
        null => null,
        _ when !canFit => throw Wrong(
            "Weights of bins are fitted: `weights-by` goes with `data`, and without `weights`.", "weights-by", "data", "weights"),
        "length" => BattleBins.Length,
        "turns" => BattleBins.Turns,
        _ => throw Wrong($"`weights-by` is length or turns, not {name}.", "weights-by"),
    };

    /// <summary>The labelled battles that every file predicts.</summary>
    /// <exception cref="InputException">There are none, or too few to fit weights to.</exception>
    public static LabelledBattles Labelled(
        IReadOnlyList<Battle> battles, OrderedDictionary<string, Preference>[] files, bool isFitted)
    {
        var common = battles.Where(battle => battle.Target is not null && Array.TrueForAll(files, file => file.ContainsKey(battle.Id)))
            .ToList();
        if (common.Count == 0)
            throw new InputException("None of the labelled battles has a prediction in every file. Give the battles that were predicted.");
        if (isFitted && common.Count < FewestRows)
        {
            throw Wrong(
                $"{Quantity.Of(common.Count, "labelled battle has", "labelled battles have")} a prediction in every file; weights are "
                + $"fitted to {FewestRows} at least. Give `weights`, or more battles.", "weights");
        }

        return new LabelledBattles(common);
    }

    /// <summary>File names, or whole paths where names alone would not tell the members apart.</summary>
    public static IReadOnlyList<string> NamesOf(IReadOnlyList<string> paths)
    {
        string[] names = [.. paths.Select(path => Path.GetFileName(Path.TrimEndingDirectorySeparator(path)))];
        return names.Distinct(StringComparer.Ordinal).Count() == names.Length ? names : paths;
    }

    /// <summary>How preferences become one, as a sentence.</summary>
    public static string Describe(Blend blend)
    {
        var how = blend.Pooling == Pooling.Log ? "The logarithms of the probabilities are averaged" : "The probabilities are averaged";
        var bins = blend.Bins is { } binning
            ? Invariant($" Weights differ by {(binning.By == BattleBins.Turns ? "turns" : "characters of both responses")}: bins begin at ")
                + $"{string.Join(", ", binning.Edges.Select(edge => Invariant($"{edge:N0}")))}."
            : "";
        return how + (blend.Temperature == 1 ? "." : Invariant($", then brought to temperature {blend.Temperature:F3}.")) + bins;
    }

    private static InputException Wrong(string message, params string[] parameters) => new(message) { Parameters = parameters };
}
