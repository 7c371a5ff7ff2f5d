using TorchSharp;

namespace Tiebreak.Torch.Operators;

/// <summary>A number for <see cref="TensorArithmetic"/>. Integers stay integers, which decides the type of some results.</summary>
internal readonly struct Number
{
    private readonly long _integer;
    private readonly double? _real;

    private Number(long integer, double? real)
    {
        _integer = integer;
        _real = real;
    }

    public static implicit operator Number(long value) => new(value, real: null);

    public static implicit operator Number(double value) => new(0, value);

    /// <summary>As libtorch takes it: for the caller to hold until libtorch has returned, and to dispose.</summary>
#pragma warning disable RS0030 // The one place that makes them.
    public Scalar ToScalar() => _real is { } real ? real.ToScalar() : _integer.ToScalar();
#pragma warning restore RS0030
}
