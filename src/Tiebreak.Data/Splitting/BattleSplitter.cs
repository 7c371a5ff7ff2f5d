using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Embeddings;
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
    /// <param name="groups">
    /// The group of each battle: none stands in two parts. Null: battles about one opening prompt are a group.
    /// </param>
    /// <exception cref="InputException">There are fewer different prompts than parts.</exception>
    public static BattleSplit ByPrompt(
        IReadOnlyList<Battle> battles, IReadOnlyList<double> fractions, ulong seed = 0, IReadOnlyList<int>? groups = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(fractions.Count, nameof(fractions));
        if (fractions.Any(fraction => !(fraction > 0 && double.IsFinite(fraction))))
            throw new InputException("The fractions of a split must be positive numbers, as in 0.8 and 0.2.");

        var prompts = groups ?? PromptGroup.Number(battles);
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
    /// <param name="groups">
    /// The group of each battle: none stands in two parts. Null: battles about one opening prompt are a group.
    /// </param>
    /// <exception cref="InputException">A model takes part in no battle.</exception>
    public static BattleSplit ByModel(
        IReadOnlyList<Battle> battles, IReadOnlyCollection<string> models, IReadOnlyList<int>? groups = null)
    {
        var known = Models(battles).ToHashSet(StringComparer.Ordinal);
        if (models.FirstOrDefault(model => !known.Contains(model)) is { } missing)
        {
            throw new InputException($"The model {missing} takes part in no battle. "
                + $"The data has {string.Join(", ", known.Order(StringComparer.Ordinal).Take(10))}...");
        }

        var heldOut = models.ToHashSet(StringComparer.Ordinal);
        return WithoutSharedPrompts(
            battles, groups, battle => heldOut.Contains(battle.ModelA ?? "") || heldOut.Contains(battle.ModelB ?? ""));
    }

    /// <summary>Holds out models at random until their battles are about a fraction of all.</summary>
    /// <param name="battles">The set.</param>
    /// <param name="fraction">
    /// The least share of the battles in the second part, between 0 and 1; one model more may be needed to reach it than is wished.
    /// </param>
    /// <param name="seed">Decides which models.</param>
    /// <param name="groups">
    /// The group of each battle: none stands in two parts. Null: battles about one opening prompt are a group.
    /// </param>
    public static BattleSplit ByModel(
        IReadOnlyList<Battle> battles, double fraction, ulong seed = 0, IReadOnlyList<int>? groups = null)
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

        return ByModel(battles, heldOut, groups);
    }

    /// <summary>
    /// Splits by time: the second part has the battles from a moment on, the first the earlier ones without the prompts of the second part.
    /// </summary>
    /// <param name="battles">The set.</param>
    /// <param name="from">The first moment of the second part.</param>
    /// <param name="groups">
    /// The group of each battle: none stands in two parts. Null: battles about one opening prompt are a group.
    /// </param>
    /// <exception cref="InputException">A battle has no time.</exception>
    public static BattleSplit ByTime(IReadOnlyList<Battle> battles, DateTimeOffset from, IReadOnlyList<int>? groups = null)
    {
        if (battles.FirstOrDefault(battle => battle.Timestamp is null) is { } timeless)
            throw new InputException($"Battle {timeless.Id} has no time, so the data cannot be split by time. Split it by prompt.");
        return WithoutSharedPrompts(battles, groups, battle => battle.Timestamp >= from);
    }

    /// <summary>
    /// Splits by time, with about a fraction of the battles, the latest, in the second part. Battles of one moment stay together.
    /// </summary>
    /// <param name="battles">The set.</param>
    /// <param name="fraction">The share of the second part, between 0 and 1.</param>
    /// <param name="groups">
    /// The group of each battle: none stands in two parts. Null: battles about one opening prompt are a group.
    /// </param>
    /// <exception cref="InputException">A battle has no time.</exception>
    public static BattleSplit ByTime(IReadOnlyList<Battle> battles, double fraction, IReadOnlyList<int>? groups = null)
    {
        ThrowIfNoFraction(fraction);
        var times = battles.Select(battle => battle.Timestamp ?? DateTimeOffset.MinValue).Order().ToArray();
        var from = times.Length == 0 ? default : times[Math.Min(times.Length - 1, (int)Math.Round((1 - fraction) * times.Length))];
        return ByTime(battles, from, groups);
    }

    /// <summary>
    /// Groups battles whose opening prompts are the same or mean about the same, so that no paraphrase of a test prompt is learned from.
    /// Likeness is passed on: two prompts that are both like a third are in one group. Prompts that the embedder does not read are compared
    /// as written. The time grows with the square of the number of different prompts.
    /// </summary>
    /// <param name="battles">The set.</param>
    /// <param name="embedder">Makes vectors of the opening prompts; all are in memory at once.</param>
    /// <param name="leastCosine">
    /// The cosine from which on two prompts are alike, above 0 and at most 1. What is right depends on the model.
    /// </param>
    /// <param name="threads">Threads to use; the result does not depend on it.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>One group number per battle, in order of first appearance: what the splits take.</returns>
    public static Task<int[]> GroupByMeaningAsync(
        IReadOnlyList<Battle> battles,
        ITextEmbedder embedder,
        double leastCosine,
        int threads,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(leastCosine);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(leastCosine, 1);
        return MeaningGroups.OfAsync(battles, embedder, leastCosine, threads, cancellationToken);
    }

    private static BattleSplit WithoutSharedPrompts(IReadOnlyList<Battle> battles, IReadOnlyList<int>? groups, Predicate<Battle> isTest)
    {
        var prompts = groups ?? PromptGroup.Number(battles);
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

/// <summary>A set cut into parts. No group of battles about one prompt stands in two parts.</summary>
/// <param name="Parts">The parts, each in the order of the set.</param>
/// <param name="SetAside">
/// Battles that belong to no part, because they would bring a prompt of a later part into an earlier one. Empty where a set is split by
/// prompt.
/// </param>
public sealed record BattleSplit(IReadOnlyList<IReadOnlyList<Battle>> Parts, IReadOnlyList<Battle> SetAside);
