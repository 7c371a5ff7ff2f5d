using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Weights;

namespace Tiebreak.Transformers.Heads;

/// <summary>
/// The classification or reward head of a decoder, as published checkpoints hold it: one linear layer, or two with ReLU between, with or
/// without biases, under the family's own name or one that training programs gave it. The files decide.
/// </summary>
internal static class DecoderClassifier
{
    // OpenRLHF, Athene and InternLM2, TRL, Eurus, Beaver; what transformers itself calls "score" is the family's own name.
    private static readonly string[] OtherNames =
    [
        "value_head", "v_head", "v_head.summary", "regression_head", "score_head", "reward_head", "rm_head",
    ];

    /// <summary>Creates the head.</summary>
    /// <param name="weights">Where weights come from; they decide on its form.</param>
    /// <param name="usual">The family's own name for it.</param>
    /// <param name="hidden">Size of a hidden state.</param>
    /// <param name="outputs">Its outputs.</param>
    /// <param name="gate">Makes the head of a reward of several objectives, where the files hold one.</param>
    public static Head Create(WeightSource weights, string usual, int hidden, int outputs, Func<Head> gate)
    {
        if (GatedHead.IsIn(Has))
            return gate();
        var name = NameIn(Has, usual);
        if (!HasTwoLayers(Has, name))
            return new ClassifierHead(weights.Linear(name, hidden, outputs, Has($"{name}.bias")));

        var inner = (int)(weights.RowsOf($"{name}.0.weight") ?? hidden);
        return new ClassifierHead(
            weights.Linear($"{name}.0", hidden, inner, Has($"{name}.0.bias")),
            Activation.Relu,
            weights.Linear($"{name}.2", inner, outputs, Has($"{name}.2.bias")));

        // An adapter may have saved the head.
        bool Has(string tensor) => weights.RowsOf(tensor) is not null;
    }

    /// <summary>The name under which the head is stored; the family's own where the files hold none.</summary>
    /// <param name="has">Tells names of tensors that the files hold.</param>
    /// <param name="usual">The family's own name.</param>
    public static string NameIn(Func<string, bool> has, string usual) =>
        GatedHead.IsIn(has)
            ? GatedHead.Objectives
            : OtherNames.Prepend(usual).FirstOrDefault(name => has($"{name}.weight") || HasTwoLayers(has, name)) ?? usual;

    /// <summary>Tells tensors of such heads, which have no part in what another head computes.</summary>
    /// <param name="tensor">A tensor's name.</param>
    public static bool Holds(string tensor) =>
        Array.Exists(OtherNames, name => tensor.StartsWith($"{name}.", StringComparison.Ordinal));

    // Two linear layers in a list with an activation: numbers 0 and 2.
    private static bool HasTwoLayers(Func<string, bool> has, string name) => has($"{name}.0.weight") && has($"{name}.2.weight");
}
