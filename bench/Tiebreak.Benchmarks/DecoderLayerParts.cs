using System.Diagnostics;
using Tiebreak.Torch;
using Tiebreak.Torch.Kernels;
using Tiebreak.Torch.Operators;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Decoders;
using Tiebreak.Transformers.Engine;
using Tiebreak.Transformers.Families;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;
using TorchSharp;

namespace Tiebreak.Benchmarks;

/// <summary>The first layer of a Llama, whole and in the parts of which it consists, each to be timed by itself.</summary>
internal sealed class DecoderLayerParts : IDisposable
{
    private const string Prefix = "model.layers.0.";
    private const int LeastRuns = 3; // the first one wakes up what the others use

    private readonly ModelFiles _files;
    private readonly Backbone _backbone;
    private readonly Layer _layer;
    private readonly DecoderOptions _options;
    private readonly QueryKeyValue _queryKeyValue;
    private readonly Norm _norm;
    private readonly Linear _output;
    private readonly Linear _gate;
    private readonly Linear _up;
    private readonly Linear _down;
    private readonly torch.ScalarType _type;

    public DecoderLayerParts(string folder, DType type, LinearCompute compute)
    {
        _files = ModelFiles.Open(folder, adapter: null);
        var plain = _files.Weights(type, torch.CPU);
        var weights = compute is LinearCompute.Int8 ? new Int8Weights(plain) : plain;
        _type = type.ToScalarType();
        _backbone = ModelFamilies.Of(_files.Config).CreateBackbone(_files.Config, weights);
        _layer = _backbone.OpenLayer(0);
        _options = ((DecoderFamily)ModelFamilies.Of(_files.Config)).Options(_files.Config);
        _queryKeyValue = new QueryKeyValue(_options, weights, Prefix);
        _norm = _options.Norm.Create(weights, $"{Prefix}input_layernorm", _options.HiddenSize);
        _output = weights.Linear($"{Prefix}self_attn.o_proj", _options.HiddenSize, _options.HiddenSize, hasBias: false);
        _gate = weights.Linear($"{Prefix}mlp.gate_proj", _options.HiddenSize, _options.IntermediateSize, hasBias: false);
        _up = weights.Linear($"{Prefix}mlp.up_proj", _options.HiddenSize, _options.IntermediateSize, hasBias: false);
        _down = weights.Linear($"{Prefix}mlp.down_proj", _options.IntermediateSize, _options.HiddenSize, hasBias: false);
    }

    /// <summary>
    /// Processor time of this process: with one thread it is the time of the work itself, whatever else the machine does meanwhile.
    /// </summary>
    public static TimeSpan ProcessorTime() => Environment.CpuUsage.TotalTime;

    /// <summary>Operations of the linear layers for so many tokens.</summary>
    public double OperationsOf(int tokens)
    {
        var projected = _options.HeadDimension * (_options.Heads + (2.0 * _options.KeyValueHeads));
        return 2.0 * tokens * _options.HiddenSize * (projected + _options.HiddenSize + (3.0 * _options.IntermediateSize));
    }

    /// <summary>Times the layer and its parts; the layer comes first.</summary>
    /// <param name="lengths">Tokens of each sequence.</param>
    /// <param name="time">About how long to try each.</param>
    public IReadOnlyList<LayerPart> Time(IReadOnlyList<int> lengths, TimeSpan time)
    {
        using var scope = torch.NewDisposeScope();
        var tokens = Pack(lengths);
        var positions = _backbone.PositionsOf(tokens);
        var angles = positions.Rotary[0]!;
        var hidden = torch.randn(tokens.TokenCount, _options.HiddenSize).to(_type);
        var wide = torch.randn(tokens.TokenCount, _options.IntermediateSize).to(_type);
        var other = wide.sigmoid().reciprocal_(); // SiLU(wide) * other is wide, so that it can be computed in place again and again
        var (query, key, value) = _queryKeyValue.Forward(hidden, tokens, TokenSelection.All);
        return
        [
            new("the whole layer", TimeLayer(lengths, time)),
            new("query, key, value", Best(() => _queryKeyValue.Forward(hidden, tokens, TokenSelection.All), time), IsLinear: true),
            new("output of attention", Best(() => _output.Forward(hidden), time), IsLinear: true),
            new("gate and up", Best(() => (_gate.Forward(hidden), _up.Forward(hidden)), time), IsLinear: true),
            new("down", Best(() => _down.Forward(wide), time), IsLinear: true),
            new("attention", Best(() => PackedAttention.Attend(query, key, value, tokens, _options.AttentionOf(0)), time)),
            new("rotary embedding", Best(() => (angles.Rotate(query), angles.Rotate(key)), time)),
            new("SiLU and its product with up", Best(() => Gate(wide, other), time)),
            new("two norms", 2 * Best(() => _norm.Forward(hidden), time)),
            new("two additions", 2 * Best(() => hidden.Add(hidden, alpha: 1), time)),
        ];
    }

    /// <summary>The least time of the whole layer.</summary>
    public TimeSpan TimeLayer(IReadOnlyList<int> lengths, TimeSpan time)
    {
        using var scope = torch.NewDisposeScope();
        var tokens = Pack(lengths);
        var positions = _backbone.PositionsOf(tokens);
        var hidden = torch.randn(tokens.TokenCount, _options.HiddenSize).to(_type);
        return Best(() => _layer.Forward(hidden, positions, TokenSelection.All), time);
    }

    public void Dispose()
    {
        foreach (IDisposable part in new IDisposable[] { _layer, _queryKeyValue, _norm, _output, _gate, _up, _down, _backbone, _files })
            part.Dispose();
    }

    private static torch.Tensor Gate(torch.Tensor gate, torch.Tensor up)
    {
        if (!GateKernel.Takes(gate, up))
            return torch.nn.functional.silu(gate).mul(up);

        GateKernel.Multiply(gate, up, isGelu: false);
        return gate;
    }

    private static PackedTokens Pack(IReadOnlyList<int> lengths) =>
        new([.. lengths.Select((length, i) => new TokenSequence($"{i}", [.. Enumerable.Range(0, length).Select(token => token % 1000)]))]);

    private static TimeSpan Best<T>(Func<T> work, TimeSpan time)
    {
        var (best, runs, running) = (TimeSpan.MaxValue, 0, Stopwatch.StartNew());
        while (runs < LeastRuns || running.Elapsed < time)
        {
            var before = ProcessorTime();
            using (torch.NewDisposeScope())
                _ = work();
            if (ProcessorTime() - before is var taken && taken < best)
                best = taken;
            runs++;
        }

        return best;
    }
}
