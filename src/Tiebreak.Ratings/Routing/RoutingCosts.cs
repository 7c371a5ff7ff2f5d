using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Ratings.Votes;
using Tiebreak.Text;

namespace Tiebreak.Ratings.Routing;

/// <summary>The models that a policy may choose from, with what they cost, and the reference that they are held against.</summary>
public sealed class RoutingCosts
{
    private readonly bool _needsTokens;

    private RoutingCosts(IReadOnlyList<ModelCost> models, int reference, RoutingObjective objective)
    {
        (Models, Reference, Objective) = (models, reference, objective);
        _needsTokens = models.Any(model => model.NeedsTokens);
    }

    /// <summary>The models, the reference among them.</summary>
    public IReadOnlyList<ModelCost> Models { get; }

    /// <summary>The place of the reference in <see cref="Models"/>.</summary>
    public int Reference { get; }

    /// <summary>What is saved.</summary>
    public RoutingObjective Objective { get; }

    /// <summary>Checks costs.</summary>
    /// <param name="models">The models that may be chosen.</param>
    /// <param name="reference">The model that they are held against.</param>
    /// <param name="objective">What is saved: that must be known of every model.</param>
    /// <exception cref="InputException">
    /// A cost is missing, negative or given twice, the reference is not there, or nothing else is.
    /// </exception>
    public static RoutingCosts Of(IReadOnlyList<ModelCost> models, string reference, RoutingObjective objective)
    {
        if (models.Count > VoteSet.MostModels)
            throw new InputException($"The costs name {models.Count:N0} models; at most {VoteSet.MostModels:N0} can be chosen from.");
        foreach (var model in models)
            Check(model, objective);
        if (models.GroupBy(model => model.Model, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InputException($"The costs name {twice.Key} twice. Leave one of them out.");
        var place = models.Index().FirstOrDefault(
            model => string.Equals(model.Item.Model, reference, StringComparison.Ordinal), (-1, null!)).Index;
        if (place < 0)
        {
            throw new InputException($"The costs do not name the reference {reference}. Add what it costs; "
                + $"they name {Names(models.Select(model => model.Model))}.");
        }

        return models.Count > 1
            ? new RoutingCosts(models, place, objective)
            : throw new InputException(
                $"The costs name one model only, {reference}, so that there is nothing to choose. Add others that the votes are about.");
    }

    /// <summary>The cost of every model, in the objective's unit.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="costs">Receives one number per model.</param>
    public void Of(string? prompt, Span<double> costs)
    {
        var tokens = _needsTokens && Objective == RoutingObjective.Cost ? TokenEstimate.Of(prompt) : 0;
        for (var m = 0; m < costs.Length; m++)
            costs[m] = Objective == RoutingObjective.Seconds ? Models[m].Seconds!.Value : Models[m].PriceOf(tokens)!.Value;
    }

    /// <summary>The same with the lengths of answers as they are in battles, where they are not given.</summary>
    /// <exception cref="InputException">A model that is priced by token answers in no battle.</exception>
    public RoutingCosts WithLengthsOf(IReadOnlyList<Battle> battles)
    {
        if (!_needsTokens || Objective != RoutingObjective.Cost)
            return this;

        var tokens = Models.ToDictionary(model => model.Model, _ => (Sum: 0.0, Answers: 0), StringComparer.Ordinal);
        foreach (var battle in battles)
        {
            Add(battle.ModelA, turn => turn.ResponseA);
            Add(battle.ModelB, turn => turn.ResponseB);

            // The first answer: it is what the opening prompt leads to.
            void Add(string? model, Func<Turn, string?> response)
            {
                if (model is not null && battle.Turns.Count > 0 && tokens.TryGetValue(model, out var one))
                    tokens[model] = (one.Sum + TokenEstimate.Of(response(battle.Turns[0])), one.Answers + 1);
            }
        }

        return new RoutingCosts(
            [.. Models.Select(model => model.OutputTokens is not null || !model.NeedsTokens
                ? model
                : model with { OutputTokens = Mean(model.Model, tokens[model.Model]) })],
            Reference, Objective);
    }

    internal static string Names(IEnumerable<string> names) => Shortened.List(names, most: 5);

    private static double Mean(string model, (double Sum, int Answers) tokens) => tokens.Answers > 0
        ? tokens.Sum / tokens.Answers
        : throw new InputException(
            $"How long answers of {model} are is not known: it answers in no battle. Give its output_tokens with its costs.");

    private static void Check(ModelCost model, RoutingObjective objective)
    {
        (string Key, double? Value)[] given =
        [
            ("input_per_million", model.InputPerMillion), ("output_per_million", model.OutputPerMillion), ("per_answer", model.PerAnswer),
            ("seconds", model.Seconds), ("output_tokens", model.OutputTokens),
        ];
        if (given.FirstOrDefault(cost => cost.Value is { } value && !(value >= 0 && double.IsFinite(value))) is { Key: { } wrong })
            throw new InputException($"The costs of {model.Model} have an impossible {wrong}; it must be a number from 0 on.");
        if (objective == RoutingObjective.Seconds && model.Seconds is null)
        {
            throw new InputException(
                $"The costs of {model.Model} do not say how many seconds an answer takes. Add \"seconds\", or route by cost.");
        }

        if (objective == RoutingObjective.Cost && model.PerAnswer is null
            && (model.InputPerMillion is null || model.OutputPerMillion is null))
        {
            throw new InputException(
                $"The costs of {model.Model} are incomplete. Give input_per_million and output_per_million, or per_answer.");
        }
    }
}

/// <summary>What a routing policy saves.</summary>
public enum RoutingObjective
{
    /// <summary>Money: the cheapest model that is good enough.</summary>
    Cost,

    /// <summary>Time: the fastest model that is good enough.</summary>
    Seconds,
}
