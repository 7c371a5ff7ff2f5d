using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Tiebreak.Core.Randomness;
using Tiebreak.Torch;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Training;

/// <summary>
/// Weights of parts that no file holds yet. A tensor's numbers follow from the seed and its name, so that they are the same on every
/// machine and whatever else is asked for.
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="initialisation">How a tensor begins, by its name.</param>
/// <param name="type">What the model computes with.</param>
/// <param name="device">Where.</param>
internal sealed class InitialisedWeights(ulong seed, Func<string, Initialisation> initialisation, DType type, Device device) : WeightSource
{
    /// <inheritdoc/>
    public override Device Device => device;

    /// <inheritdoc/>
    public override DType Type => type;

    /// <inheritdoc/>
    public override bool Has(string name) => false;

    /// <inheritdoc/>
    public override Tensor Tensor(string name, params ReadOnlySpan<long> shape)
    {
        var random = new SeededRandom(seed, BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name))));
        var (drawn, count) = (initialisation(name), 1L);
        foreach (var size in shape)
            count *= size;
        var values = new float[count];
        foreach (ref var value in values.AsSpan())
            value = drawn.Next(inputs: shape[^1], ref random);

        using var scope = NewDisposeScope();
        return tensor(values, shape).to(type.ToScalarType(), device).DetachFromDisposeScope();
    }
}
