using Tiebreak.Core;
using Tiebreak.Torch.Operators;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Heads;

/// <summary>
/// A reward of several objectives, weighed by the prompt (ArmoRM, https://arxiv.org/abs/2406.12845). With h the state of the last token and
/// g that of the token that ends the last prompt: score = Σ softmax(gating(g) / temperature) * scale * (R h · T), where R is the layer of
/// the objectives, T takes the part of the others out of each, and the gating network has ReLU between its layers.
/// </summary>
internal sealed class GatedHead : Head
{
    /// <summary>The layer of the objectives.</summary>
    public const string Objectives = "regression_layer";

    private const string Gating = "gating";
    private const string Transform = "reward_transform_matrix";
    private const string Scale = $"{Gating}.logit_scale";
    private const int MostLayers = 64;

    private readonly Linear _objectives;
    private readonly Tensor _transform;
    private readonly Tensor _scale;
    private readonly Linear[] _gating;
    private readonly double _temperature;
    private readonly int[] _promptEnd;

    /// <summary>Takes the head's weights.</summary>
    /// <param name="weights">Where they come from; the files decide on the sizes.</param>
    /// <param name="hidden">Size of a state.</param>
    /// <param name="temperature">Of the gating network's softmax.</param>
    /// <param name="promptEnd">The tokens between a prompt and its answer: the first of them, where they stand last, is read.</param>
    public GatedHead(WeightSource weights, int hidden, double temperature, int[] promptEnd)
    {
        (_temperature, _promptEnd) = (temperature, promptEnd);
        var count = Rows(weights, $"{Objectives}.weight", fallback: 1);
        var layers = new List<Linear>();
        for (var inputs = hidden; layers.Count < MostLayers && weights.RowsOf($"{Gating}.layers.{layers.Count}.weight") is not null;)
        {
            var name = $"{Gating}.layers.{layers.Count}";
            var isLast = weights.RowsOf($"{Gating}.layers.{layers.Count + 1}.weight") is null;
            var outputs = isLast ? count : Rows(weights, $"{name}.weight", fallback: count);
            layers.Add(Own(weights.Linear(name, inputs, outputs, weights.RowsOf($"{name}.bias") is not null)));
            inputs = outputs;
        }

        _gating = [.. layers];
        _scale = Own(weights.Tensor(Scale, 1));
        _transform = Own(weights.Tensor(Transform, count, count));
        _objectives = Own(weights.Linear(Objectives, hidden, count, weights.RowsOf($"{Objectives}.bias") is not null));
    }

    /// <inheritdoc/>
    public override int Outputs => 1;

    /// <summary>Whether files hold such a head.</summary>
    /// <param name="has">Tells names of tensors that they hold.</param>
    public static bool IsIn(Func<string, bool> has) => has($"{Objectives}.weight") && has($"{Gating}.layers.0.weight");

    /// <inheritdoc/>
    public override TokenSelection SelectionOf(Backbone backbone) => TokenSelection.All;

    /// <inheritdoc/>
    public override Tensor Forward(PackedTokens tokens, Tensor selected)
    {
        using var scope = NewDisposeScope();
        long[] ends = [.. Enumerable.Range(0, tokens.Count).Select(sequence => (long)PromptEndOf(tokens, sequence))];
        var gates = selected.index_select(0, tensor(ends, device: selected.device)); // [sequences, hidden]
        for (var i = 0; i < _gating.Length; i++)
        {
            gates = _gating[i].Forward(gates);
            if (i < _gating.Length - 1)
                gates = Activation.Relu.Apply(gates);
        }

        gates = gates.Divide(_temperature).softmax(1).mul(_scale); // [sequences, objectives]
        var rewards = _objectives.Forward(tokens.Select(selected, TokenSelection.LastToken)).matmul(_transform);
        return gates.mul(rewards).sum(1, keepdim: true).MoveToOuterDisposeScope(); // [sequences, 1]
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor pooled) =>
        throw new NotSupportedException("The gate reads another token than the objectives: this head needs the states of all tokens.");

    private int PromptEndOf(PackedTokens tokens, int sequence) => tokens.LastIndexOf(sequence, _promptEnd)
        ?? throw new InputException($"Row {tokens.IdOf(sequence)} holds no prompt before an answer, whose end the head of this reward "
            + "model reads; write conversations with the model's own chat template (template chat_reply).");

    private static int Rows(WeightSource weights, string name, int fallback) =>
        weights.RowsOf(name) is > 0 and <= int.MaxValue and var rows ? (int)rows : fallback;
}
