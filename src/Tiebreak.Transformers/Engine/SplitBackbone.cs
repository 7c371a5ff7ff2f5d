using Tiebreak.Core;
using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Engine;

/// <summary>
/// A backbone whose layers lie on several devices: the first share of them on the first device, and so on, in the order in which they are
/// computed. One device works at a time: what is gained is memory. Hidden states go from one to the next with the first layer there.
/// </summary>
internal sealed class SplitBackbone : Backbone
{
    private readonly Backbone[] _parts;
    private readonly Device[] _devices;

    /// <summary>Joins backbones of one model.</summary>
    /// <param name="parts">The same backbone on each device; they become this one's. Of the first one the embedding is used.</param>
    /// <param name="devices">The devices.</param>
    /// <exception cref="InputException">There are more devices than layers.</exception>
    public SplitBackbone(IReadOnlyList<Backbone> parts, IReadOnlyList<Device> devices)
    {
        (_parts, _devices) = ([.. parts.Select(Own)], [.. devices]);
        if (_devices.Length > LayerCount)
        {
            throw new InputException($"`device` names {_devices.Length} devices for one model, but it has {LayerCount} layers.")
            {
                Parameters = ["device"],
            };
        }
    }

    /// <inheritdoc/>
    public override int VocabularySize => _parts[0].VocabularySize;

    /// <inheritdoc/>
    public override int HiddenSize => _parts[0].HiddenSize;

    /// <inheritdoc/>
    public override int LayerCount => _parts[0].LayerCount;

    /// <inheritdoc/>
    public override int? MaxPositions => _parts[0].MaxPositions;

    /// <inheritdoc/>
    public override int? LongRopeLimit => _parts[0].LongRopeLimit;

    /// <inheritdoc/>
    public override TokenSelection Pooling => _parts[0].Pooling;

    /// <inheritdoc/>
    public override bool IsCausal => _parts[0].IsCausal;

    /// <summary>The backbone on the last device, which is where a head lies.</summary>
    public Backbone Last => _parts[^1];

    /// <inheritdoc/>
    internal override Tensor Embed(PackedTokens tokens) => _parts[0].Embed(tokens);

    /// <inheritdoc/>
    internal override BatchPositions PositionsOf(PackedTokens tokens) =>
        new(tokens) { OfParts = [.. _parts.Select(part => part.PositionsOf(tokens))] };

    /// <inheritdoc/>
    internal override Layer OpenLayer(int index)
    {
        var part = index * _parts.Length / LayerCount;
        return new PlacedLayer(_parts[part].OpenLayer(index), part, _devices[part]);
    }

    /// <inheritdoc/>
    internal override Tensor Finish(Tensor hidden) => Last.Finish(hidden);

    private sealed class PlacedLayer : Layer
    {
        private readonly Layer _layer;
        private readonly int _part;
        private readonly Device _device;

        public PlacedLayer(Layer layer, int part, Device device) => (_layer, _part, _device) = (Own(layer), part, device);

        public override Tensor Forward(Tensor hidden, BatchPositions positions, TokenSelection wanted)
        {
            using var scope = NewDisposeScope();
            return _layer.Forward(hidden.to(_device), positions.OfParts[_part], wanted).MoveToOuterDisposeScope();
        }
    }
}
