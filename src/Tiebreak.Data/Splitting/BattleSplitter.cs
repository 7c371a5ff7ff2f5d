using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;
using Tiebreak.Core.Splitting;

namespace Tiebreak.Data.Splitting;

/// <summary>Cuts sets into parts for training and testing. The same seed gives the same parts on every machine.</summary>
public static class BattleSplitter
{
    private const int Unlabelled = 3; // after the three outcomes

    /// <summary>
    /// Splits by prompt: battles about one prompt stay together, and every part has about its fraction of the battles and the same shares
    /// of outcomes (see <see cref="GroupedParts"/>).
    /// </summary>
    /// <param name="battles">The set, labelled or not.</param>
    /// <param name="fractions">One positive number for each part; they are divided by their sum, so 8, 1, 1 will do.</param>
    /// <param name="seed">Decides among equally good assignments.</param>
    /// <exception cref="InputException">There are fewer different prompts than parts.</exception>
    public static BattleSplit ByPrompt(IReadOnlyList<Battle> battles, IReadOnlyList<double> fractions, ulong seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfZero(fractions.Count, nameof(fractions));
        if (fractions.Any(fraction => !(fraction > 0 && double.IsFinite(fraction))))
            throw new InputException("The fractions of a split must be positive numbers, as in 0.8 and 0.2.");

        var prompts = PromptGroup.Number(battles);
        var part = GroupedParts.Assign(prompts, Unlabelled + 1, (i, label) => Weight(battles[i], label), fractions, seed)
            ?? throw new InputException($"{fractions.Count} parts need at least {fractions.Count} different prompts, but the data has "
                + $"{prompts.Distinct().Count()}.");
        return new BattleSplit([.. fractions.Select((_, p) => battles.Where((_, i) => part[i] == p).ToArray())], []);
    }

    /// <summary>
    /// Holds out models: the second part has all battles in which one of them takes part, the first has none of them, nor a prompt of the
    /// second part. Battles whose models are not known are in the first.
    /// </summary>
    /// <param name="battles">The set.</param>
    /// <param name="models">The models to hold out, as they are written in the battles.</param>
    /// <exception cref="InputException">A model takes part in no battle.</exception>
    public static BattleSplit ByModel(IReadOnlyList<Battle> battles, IReadOnlyCollection<string> models)
    {
        var known = Models(battles).ToHashSet(StringComparer.Ordinal);
        if (models.FirstOrDefault(model => !known.Contains(model)) is { } missing)
        {
            throw new InputException($"The model {missing} takes part in no battle. "
                + $"The data has {string.Join(", ", known.Order(StringComparer.Ordinal).Take(10))}...");
        }

        var heldOut = models.ToHashSet(StringComparer.Ordinal);
        return WithoutSharedPrompts(battles, battle => heldOut.Contains(battle.ModelA ?? "") || heldOut.Contains(battle.ModelB ?? ""));
    }

    /// <summary>Holds out models at random until their battles are about a fraction of all.</summary>
    /// <param name="battles">The set.</param>
    /// <param name="fraction">
    /// The least share of the battles in the second part, between 0 and 1; one model more may be needed to reach it than is wished.
    /// </param>
    /// <param name="seed">Decides which models.</param>
    public static BattleSplit ByModel(IReadOnlyList<Battle> battles, double fraction, ulong seed = 0)
    {
        ThrowIfNoFraction(fraction);
        var models = Models(battles).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        new SeededRandom(seed).Shuffle(models.AsSpan());

        var heldOut = new HashSet<string>(StringComparer.Ordinal);
        foreach (var model in models)
        {
            if (battles.Count(battle => heldOut.Contains(battle.ModelA ?? "") || heldOut.Contains(battle.ModelB ?? "")) >= fraction
                * battles.Count)
            {
                break;
            }

            heldOut.Add(model);
        }

        return ByModel(battles, heldOut);
    }

    /// <summary>
    /// Splits by time: the second part has the battles from a moment on, the first the earlier ones without the prompts of the second part.
    /// </summary>
    /// <param name="battles">The set.</param>
    /// <param name="from">The first moment of the second part.</param>
    /// <exception cref="InputException">A battle has no time.</exception>
    public static BattleSplit ByTime(IReadOnlyList<Battle> battles, DateTimeOffset from)
    {
        if (battles.FirstOrDefault(battle => battle.Timestamp is null) is { } timeless)
            throw new InputException($"Battle {timeless.Id} has no time, so the data cannot be split by time. Split it by prompt.");
        return WithoutSharedPrompts(battles, battle => battle.Timestamp >= from);
    }

    /// <summary>
    /// Splits by time, with about a fraction of the battles, the latest, in the second part. Battles of one moment stay together.
    /// </summary>
    /// <param name="battles">The set.</param>
    /// <param name="fraction">The share of the second part, between 0 and 1.</param>
    /// <exception cref="InputException">A battle has no time.</exception>
    public static BattleSplit ByTime(IReadOnlyList<Battle> battles, double fraction)
    {
        ThrowIfNoFraction(fraction);
        var times = battles.Select(battle => battle.Timestamp ?? DateTimeOffset.MinValue).Order().ToArray();
        return ByTime(
            battles, times.Length == 0 ? default : times[Math.Min(times.Length - 1, (int)Math.Round((1 - fraction) * times.Length))]);
    }

    private static BattleSplit WithoutSharedPrompts(IReadOnlyList<Battle> battles, Predicate<Battle> isTest)
    {
        var prompts = PromptGroup.Number(battles);
        var tested = Enumerable.Range(0, battles.Count).Where(i => isTest(battles[i])).ToHashSet();
        var testedPrompts = tested.Select(i => prompts[i]).ToHashSet();
        return new BattleSplit(
            [
                [.. battles.Where((_, i) => !testedPrompts.Contains(prompts[i]))],
                [.. battles.Where((_, i) => tested.Contains(i))],
            ],
            [.. battles.Where((_, i) => !tested.Contains(i) && testedPrompts.Contains(prompts[i]))]);
    }

    private static IEnumerable<string> Models(IReadOnlyList<Battle> battles) =>
        battles.SelectMany(battle => new[] { battle.ModelA, battle.ModelB }).OfType<string>();

    private static void ThrowIfNoFraction(double fraction)
    {
        if (!(fraction is > 0 and < 1))
            throw new InputException($"The fraction of a split must lie between 0 and 1, but it is {fraction}.");
    }

    private static double Weight(Battle battle, int label) =>
        battle.Target is not { } target ? (label == Unlabelled ? 1 : 0)
        : label == Unlabelled ? 0
        : target[(Outcome)label];
}

/// <summary>A set cut into parts. No prompt group (see <see cref="PromptGroup"/>) stands in two parts.</summary>
/// <param name="Parts">The parts, each in the order of the set.</param>
/// <param name="SetAside">
/// Battles that belong to no part, because they would bring a prompt of a later part into an earlier one. Empty where a set is split by
/// prompt.
/// </param>
public sealed record BattleSplit(IReadOnlyList<IReadOnlyList<Battle>> Parts, IReadOnlyList<Battle> SetAside);
