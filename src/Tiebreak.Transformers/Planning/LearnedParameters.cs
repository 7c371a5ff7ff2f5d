using System.Text;
using Tiebreak.Transformers.Adapters;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Training;
using Tiebreak.Transformers.Tuning;
using Tiebreak.Transformers.Weights;

namespace Tiebreak.Transformers.Planning;

/// <summary>What learns of a model, counted over the tensors that it asks for: no weight is read.</summary>
/// <param name="Count">Numbers that learn.</param>
/// <param name="LargestGroup">Numbers that the optimiser updates as one vector, at the most.</param>
internal sealed record LearnedParameters(long Count, long LargestGroup)
{
    /// <summary>Counts.</summary>
    /// <param name="config">The model, with the labels of the recipe.</param>
    /// <param name="recipe">What learns.</param>
    public static LearnedParameters Of(ModelConfig config, JudgeRecipe recipe)
    {
        var options = recipe.Tuning!.Options;
        var head = ModelFiles.HeadModulesOf(config, recipe.LoadedHead);
        var plan = new WeightPlan(_ => false);
        using var model = TransformerModel.Create(config, recipe.LoadedHead, plan);
        var rates = new ParameterRates(options, head, model.Backbone.LayerCount);
        IReadOnlyList<TensorShape> asked = recipe.Tuning.Method is TuningMethod.Lora ? OfAdapter(config, recipe, head, rates, plan)
            : [.. plan.Asked, .. OfTokens(options, rates, plan)];
        var learned = asked.DistinctBy(tensor => tensor.Name, StringComparer.Ordinal)
            .Where(tensor => recipe.Tuning.Method is TuningMethod.Lora || rates.Learns(tensor.Name)).ToList();
        var groups = learned.GroupBy(tensor => (rates.Of(tensor.Name), tensor.Shape.Count > 1));
        return new LearnedParameters(
            learned.Sum(tensor => tensor.Count), groups.Max(group => group.Sum(tensor => tensor.Count)));
    }

    // Where the embedding does not learn as a whole.
    private static IEnumerable<TensorShape> OfTokens(TuningOptions options, ParameterRates rates, WeightPlan plan)
    {
        var table = plan.WordTables[0];
        if (options.Tokens is { } tokens && !rates.Learns(table))
        {
            var width = plan.Asked.First(tensor => string.Equals(tensor.Name, table, StringComparison.Ordinal)).Shape[1];
            yield return new TensorShape(TrainableWeights.RowsOfTokens(table), [tokens.Count, width]);
        }
    }

    private static IReadOnlyList<TensorShape> OfAdapter(
        ModelConfig config, JudgeRecipe recipe, IReadOnlyList<string> head, ParameterRates rates, WeightPlan model)
    {
        var adapter = AdapterOf(recipe, head, rates.Layers, model.WordTables[0]);
        var plan = new WeightPlan(_ => false);
        var adapted = new AdaptedWeights(new WeightPlan(_ => false), plan, new NewAdapter(adapter));
        TransformerModel.Create(config, recipe.LoadedHead, adapted).Dispose();
        return plan.Asked;
    }

    /// <summary>The adapter that the recipe begins.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="head">The modules of the head.</param>
    /// <param name="layers">The layers that learn; null: all.</param>
    /// <param name="table">The tensor of the word embedding. Of the tokens whose rows learn only their number counts here.</param>
    public static AdapterConfig AdapterOf(
        JudgeRecipe recipe, IReadOnlyList<string> head, IReadOnlyList<int>? layers, string table)
    {
        int[] tokens = [.. Enumerable.Range(0, recipe.Tuning!.Options.Tokens?.Count ?? 0)];
        var json = NewAdapterConfig.Of(recipe, head, layers, table[..table.LastIndexOf('.')], tokens);
        return AdapterConfig.Of(ModelConfig.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()), "the recipe's adapter"));
    }
}
