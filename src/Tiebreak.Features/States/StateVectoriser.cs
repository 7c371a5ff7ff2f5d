using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.States;

/// <summary>
/// The principal components of a battle's pooled states: those of the responses as the vectors of A and B; those of the prompt and of the
/// whole battle, and the absolute differences of the responses, as the vector of the prompt.
/// </summary>
/// <param name="texts">Components of the states of prompts and responses.</param>
/// <param name="pair">Components of the states of whole battles; null where there are none.</param>
internal sealed class StateVectoriser(PrincipalComponents texts, PrincipalComponents? pair)
{
    private readonly int[] _sidePlaces = [.. Enumerable.Range(0, texts.Count)];
    private readonly int[] _allPlaces = [.. Enumerable.Range(0, (2 * texts.Count) + (pair?.Count ?? 0))];

    public PrincipalComponents Texts => texts;

    public PrincipalComponents? Pair => pair;

    /// <summary>The names of the places of the vectors.</summary>
    public IReadOnlyList<string> Terms { get; } =
    [
        .. Enumerable.Range(0, texts.Count).Select(k => $"component_{k}"),
        .. Enumerable.Range(0, texts.Count).Select(k => $"gap_{k}"),
        .. Enumerable.Range(0, pair?.Count ?? 0).Select(k => $"pair_{k}"),
    ];

    /// <summary>Finds the components of the states of battles.</summary>
    /// <exception cref="InputException">A battle has none, or of another size.</exception>
    public static StateVectoriser Fit(IReadOnlyList<Battle> battles, StateOptions options, ulong seed, int threads)
    {
        PooledStates[] states = [.. battles.Select(Of)];
        var texts = states.SelectMany(one => new[] { one.Prompt, one.ResponseA, one.ResponseB }).OfType<IReadOnlyList<float>>();
        var pairs = states.Select(one => one.Pair).OfType<IReadOnlyList<float>>();
        return new StateVectoriser(
            Components([.. texts], options, seed, threads) ?? throw Missing("No battle has a pooled state"),
            Components([.. pairs], options, seed, threads));
    }

    /// <exception cref="InputException">The battle has no states, or of another size.</exception>
    public BattleVectors Vectorise(Battle battle)
    {
        var states = Of(battle);
        var (a, b) = (new float[texts.Count], new float[texts.Count]);
        var rest = new float[_allPlaces.Length];
        Project(battle, texts, states.ResponseA, a);
        Project(battle, texts, states.ResponseB, b);
        Project(battle, texts, states.Prompt, rest);
        for (var k = 0; k < a.Length; k++)
            rest[a.Length + k] = Math.Abs(a[k] - b[k]);
        if (pair is not null)
            Project(battle, pair, states.Pair, rest.AsSpan(2 * a.Length));
        return new BattleVectors(new TermVector(_allPlaces, rest), new TermVector(_sidePlaces, a), new TermVector(_sidePlaces, b));
    }

    // What is missing is taken for average: components of 0.
    private static void Project(Battle battle, PrincipalComponents components, IReadOnlyList<float>? state, Span<float> target)
    {
        if (state is null)
            return;
        if (state.Count != components.Size)
        {
            throw new InputException($"The pooled states of battle {battle.Id} have {state.Count} numbers, but the judge was trained on "
                + $"states of {components.Size}. Give states of the same model.");
        }

        components.Project(state, target);
    }

    private static PrincipalComponents? Components(IReadOnlyList<float>[] vectors, StateOptions options, ulong seed, int threads)
    {
        if (vectors.Length == 0)
            return null;
        if (Array.Find(vectors, vector => vector.Count != vectors[0].Count) is { } other)
        {
            throw new InputException(
                $"Pooled states have {vectors[0].Count} numbers in one battle and {other.Count} in another. Give states of one model.");
        }

        return PrincipalComponents.Fit(vectors, options.Components, seed, threads);
    }

    private static PooledStates Of(Battle battle) => battle.States
        ?? throw Missing($"Battle {battle.Id} has no pooled states");

    private static InputException Missing(string what) => new(
        $"{what}, which the recipe's feature group \"states\" needs. Give them with `states` FILE, or use `set` features.states=false.")
    {
        Parameters = ["states", "set"],
    };
}

/// <summary>How pooled states become features.</summary>
internal sealed record StateOptions
{
    /// <summary>Principal components that are kept.</summary>
    public int Components { get; init; } = 32;

    /// <summary>
    /// L2 penalty of the linear model over the components, scaled to standard deviation 1; see <see cref="TermVectors.PairLinearTrainer"/>.
    /// </summary>
    public double L2 { get; init; } = 100;
}
