using Tiebreak.Core;
using Tiebreak.Torch.Operators;
using Tiebreak.Torch.Quantization;
using Tiebreak.Transformers.Families;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Export;

/// <summary>
/// AWQ over a decoder: one pass of the calibration rows finds the scales of every group; then weights are scaled, rounded and quantised
/// layer by layer.
/// </summary>
internal sealed class AwqCalibration : IDisposable
{
    // Outputs before and after are compared on so many tokens; their mean size is that of all.
    private const int SampledTokens = 512;

    private readonly ModelPlan _plan;
    private readonly int _groupSize;
    private readonly bool _normAddsOne;
    private readonly Dictionary<string, AwqGroup> _groupOf = new(StringComparer.Ordinal);

    // By the name of a linear layer: factors of its columns, divisors of its rows; by the name of a norm: its divisors.
    private readonly Dictionary<string, Tensor> _columns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tensor> _divisors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LinearShape> _shapes;

    /// <param name="files">The model.</param>
    /// <param name="plan">Its parts.</param>
    /// <param name="rows">Calibration rows, all computed together.</param>
    /// <param name="groupSize">Inputs of a group.</param>
    /// <exception cref="InputException">Not a decoder, or one with experts.</exception>
    public AwqCalibration(ModelFiles files, ModelPlan plan, IReadOnlyList<TokenSequence> rows, int groupSize)
    {
        if (ModelFamilies.Of(files.Config) is not DecoderFamily family || family.Options(files.Config) is not { Experts: 0 } options)
        {
            throw new InputException($"{files.Config.Path}: AWQ scales are found for decoders without experts alone; "
                + $"pack a {files.Config.ModelType} model with gptq, nf4 or int8.");
        }

        (_plan, _groupSize, _normAddsOne) = (plan, groupSize, options.Norm.Kind is NormKind.RmsAddsOne);
        _shapes = plan.Quantizable.ToDictionary(linear => linear.Name, StringComparer.Ordinal);
        var prefix = plan.Weights.Prefix(options.Names.Prefixes, $"{options.Names.Embedding}.weight");
        foreach (var group in Enumerable.Range(0, options.LayerCount)
            .SelectMany(i => AwqGroup.Of(options, i, $"{prefix}{options.Names.Layers}{i}.")))
        {
            _groupOf.Add(group.Linears[0], group);
        }

        using var model = TransformerModel.Create(files.Config, files.HeadKind, new CalibrationWeights(plan.Weights, (name, input, _) =>
        {
            if (_groupOf.TryGetValue(name, out var group))
                Search(group, input);
            return null;
        }));
        _ = model.Compute(rows);
    }

    /// <summary>A layer's weight, scaled and quantised.</summary>
    public GroupedWeight Quantize(LinearShape linear)
    {
        using var scope = NewDisposeScope();
        using var opened = _plan.Open(linear);
        return GroupRounding.QuantizeAwq(Scaled(linear.Name, opened.Weight(ScalarType.Float32)).contiguous(), _groupSize);
    }

    /// <summary>A layer's bias, or a norm's weight or bias, divided where the next layer's columns are multiplied.</summary>
    /// <param name="name">The layer or norm.</param>
    /// <param name="values">float32; stays the caller's.</param>
    public Tensor Divided(string name, Tensor values)
    {
        if (!_divisors.TryGetValue(name, out var divisors))
            return values.alias();
        using var scope = NewDisposeScope();
        var addsOne = _normAddsOne && !_shapes.ContainsKey(name);
        return (addsOne ? values.Add(1).div(divisors).Subtract(1) : values.div(divisors)).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (var tensor in _columns.Values.Concat(_divisors.Values))
            tensor.Dispose();
        _columns.Clear();
    }

    private Tensor Scaled(string name, Tensor weight)
    {
        var scaled = _columns.TryGetValue(name, out var columns) ? weight.mul(columns) : weight;
        return _divisors.TryGetValue(name, out var rows) ? scaled.div(rows.unsqueeze(1)) : scaled;
    }

    private void Search(AwqGroup group, Tensor input)
    {
        using var scope = NewDisposeScope();
        var tokens = input.view(-1, input.shape[^1]);
        var step = Math.Max(1, tokens.shape[0] / SampledTokens);
        var sample = tokens.index_select(0, TensorArithmetic.Range(0, tokens.shape[0], step));
        var weights = group.Linears.Select(name =>
        {
            using var opened = _plan.Open(_shapes[name]);
            return opened.Weight(ScalarType.Float32).clone();
        }).ToList();

        var scales = AwqScales.Search(weights, tokens.abs().mean([0]), sample, _groupSize).DetachFromDisposeScope();
        foreach (var name in group.Linears)
            _columns.Add(name, scales.alias().DetachFromDisposeScope());
        _divisors.Add(group.Norm ?? group.Previous!, scales);
    }
}
