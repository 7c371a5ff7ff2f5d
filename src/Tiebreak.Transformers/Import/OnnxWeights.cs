using Tiebreak.Core;
using Tiebreak.Torch.Checkpoints;

namespace Tiebreak.Transformers.Import;

/// <summary>
/// Gives the tensors of an exported model PyTorch's names and shapes again. Exporters keep the names of most parameters, but lay the
/// weights of linear layers out for a matrix product ([inputs, outputs] in place of [outputs, inputs]) and call them by numbers. Such a
/// weight gets its name from the bias that is added behind the product.
/// </summary>
internal sealed class OnnxWeights
{
    private const string Weight = ".weight";
    private const string Bias = ".bias";

    // What takes quantised weights; programs that fuse operators put theirs into domains of their own.
    private static readonly string[] Quantised = ["DequantizeLinear", "MatMulInteger", "QLinearMatMul", "ConvInteger"];
    private static readonly string[] PlainDomains = ["", "ai.onnx"];

    private readonly OnnxGraph _graph;
    private readonly Dictionary<string, TensorEntry> _values; // tensors by the names of the values that they are in the graph
    private readonly Dictionary<string, TensorEntry> _named = new(StringComparer.Ordinal);

    private OnnxWeights(OnnxGraph graph)
    {
        _graph = graph;
        _values = new Dictionary<string, TensorEntry>(graph.Tensors, StringComparer.Ordinal);
    }

    /// <summary>The weights of a graph under the names of PyTorch's modules.</summary>
    /// <exception cref="InputException">The graph is quantised or fused, or a linear layer cannot be told from the others.</exception>
    public static IReadOnlyDictionary<string, TensorEntry> Of(OnnxGraph graph)
    {
        var weights = new OnnxWeights(graph);
        weights.RefuseOtherGraphs();
        weights.FollowCopies();
        weights.NameLinearLayers();
        weights.AddNamed();
        return weights._named;
    }

    private void RefuseOtherGraphs()
    {
        var other = _graph.Nodes.FirstOrDefault(node =>
            !PlainDomains.Contains(node.Domain, StringComparer.Ordinal) || Quantised.Contains(node.Type, StringComparer.Ordinal));
        if (other is null)
            return;

        var name = other.Domain.Length == 0 ? other.Type : $"{other.Domain}.{other.Type}";
        throw new InputException(
            $"{_graph.Path} computes with {name}: it was quantised or optimised for one program, and its weights are no longer those "
            + "of the model. Tiebreak imports plain exports; take the model's file in float32, float16 or bfloat16, usually model.onnx.");
    }

    // Parameters that are equal are stored once and copied; newer exporters store weights as PyTorch does and transpose them in the graph.
    private void FollowCopies()
    {
        foreach (var node in _graph.Nodes)
        {
            if (node is not { Inputs: [var input], Outputs: [var output] } || !_values.TryGetValue(input, out var tensor))
                continue;
            if (node.Type is "Identity")
                _values.TryAdd(output, tensor with { Name = output });
            else if (node.Type is "Transpose" && tensor.Shape.Count == 2 && Numbers(node, "perm") is [] or [1, 0])
                _values.TryAdd(output, Transposed(tensor));
        }
    }

    private void NameLinearLayers()
    {
        var addends = _graph.Nodes.Where(node => node is { Type: "Add", Inputs.Count: 2 })
            .SelectMany(node => new[] { (Value: node.Inputs[0], Other: node.Inputs[1]), (Value: node.Inputs[1], Other: node.Inputs[0]) })
            .ToLookup(pair => pair.Value, pair => pair.Other, StringComparer.Ordinal);
        foreach (var node in _graph.Nodes)
        {
            if (node is { Type: "MatMul", Inputs: [_, var factor], Outputs: [var product] } && Matrix(factor) is { } matrix)
                Add(Transposed(matrix), addends[product].Select(Vector).FirstOrDefault(vector => vector is not null));
            else if (node is { Type: "Gemm", Inputs: [_, var b, ..] } && Matrix(b) is { } gemm)
                Add(Numbers(node, "transB") is [1] ? gemm : Transposed(gemm), node.Inputs.Count > 2 ? Vector(node.Inputs[2]) : null);
        }

        TensorEntry? Matrix(string value) => _values.TryGetValue(value, out var tensor) && tensor.Shape.Count == 2 ? tensor : null;

        TensorEntry? Vector(string value) => _values.TryGetValue(value, out var tensor) && tensor.Shape.Count == 1 ? tensor : null;

        void Add(TensorEntry weight, TensorEntry? bias)
        {
            var name = bias is not null && bias.Name.EndsWith(Bias, StringComparison.Ordinal) ? bias.Name[..^Bias.Length] + Weight
                : weight.Name.EndsWith(Weight, StringComparison.Ordinal) ? weight.Name
                : throw new InputException($"{_graph.Path}: the matrix {weight.Name} [{string.Join(", ", weight.Shape)}] has no name of a "
                    + "layer, nor has a bias behind it, so Tiebreak cannot tell which layer's weight it is. Export the model anew.");
            if (!_named.TryAdd(name, weight with { Name = name }) && _named[name].Offset != weight.Offset)
            {
                throw new InputException($"{_graph.Path}: two matrices go by the name {name}, so Tiebreak cannot tell them apart. "
                    + "Export the model anew.");
            }
        }
    }

    // Embeddings, norms and biases, which keep their names.
    private void AddNamed()
    {
        foreach (var tensor in _values.Values)
        {
            if (tensor.Name.EndsWith(Weight, StringComparison.Ordinal) || tensor.Name.EndsWith(Bias, StringComparison.Ordinal))
                _named.TryAdd(tensor.Name, tensor);
        }
    }

    private static TensorEntry Transposed(TensorEntry matrix) => matrix with
    {
        Shape = [matrix.Shape[1], matrix.Shape[0]],
        Strides = [matrix.Strides[1], matrix.Strides[0]],
    };

    private static IReadOnlyList<long> Numbers(OnnxNode node, string attribute) =>
        node.Attributes.FirstOrDefault(candidate => string.Equals(candidate.Name, attribute, StringComparison.Ordinal))?.Numbers ?? [];
}
