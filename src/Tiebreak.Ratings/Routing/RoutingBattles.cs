using Tiebreak.Core;
using Tiebreak.Core.Battles;

namespace Tiebreak.Ratings.Routing;

/// <summary>Battles that routing can learn from: with a verdict, and with the names of two models.</summary>
public static class RoutingBattles
{
    /// <summary>The battles among some that have both.</summary>
    /// <exception cref="InputException">None has.</exception>
    public static IReadOnlyList<Battle> Named(IReadOnlyList<Battle> battles)
    {
        var named = battles.Where(battle => battle is { Target: not null, ModelA.Length: > 0, ModelB.Length: > 0 }
            && !string.Equals(battle.ModelA, battle.ModelB, StringComparison.Ordinal)).ToList();
        if (named.Count > 0)
            return named;
        throw new InputException(battles.Any(battle => battle.ModelA is { Length: > 0 })
            ? "No battle has a verdict between two different models. Give battles with model_a, model_b and winner."
            : "The data names no models, so that nothing can be learned about them. Give battles with model_a, model_b and winner.");
    }

    /// <summary>What is known of a battle when the model is chosen.</summary>
    internal static string? OpeningOf(Battle battle) => battle.Turns.Count > 0 ? battle.Turns[0].Prompt : null;

    internal static Dictionary<string, int> Places(IReadOnlyList<string> models) =>
        models.Index().ToDictionary(model => model.Item, model => model.Index, StringComparer.Ordinal);
}
