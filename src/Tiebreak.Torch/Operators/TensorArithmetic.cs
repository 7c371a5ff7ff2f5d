using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Tiebreak.Torch.Operators;

/// <summary>
/// Arithmetic of tensors with numbers. TorchSharp's own forms make a <see cref="Scalar"/> that nothing holds while libtorch reads it, so
/// that a garbage collection in another thread may free it during the call: an exception, or the result for another number. The same goes
/// for those that make one inside, such as the factor 1 of <c>add</c> and <c>+</c>. build/BannedSymbols.TorchSharp.txt bans them; here are
/// the ones that the product needs, with numbers that stay until the call has returned (https://github.com/dotnet/TorchSharp/pull/1434).
/// </summary>
internal static class TensorArithmetic
{
    private static readonly Scalar One = ((Number)1).ToScalar();
    private static readonly Scalar Two = ((Number)2).ToScalar();

    /// <summary>The numbers from <paramref name="start"/> on, before <paramref name="stop"/>.</summary>
    public static Tensor Range(
        long start, long stop, long step = 1, ScalarType type = ScalarType.Int64, Device? device = null)
    {
        using var first = ((Number)start).ToScalar();
        using var end = ((Number)stop).ToScalar();
        using var difference = ((Number)step).ToScalar();
        return arange(first, end, difference, type, device);
    }

    extension(Tensor tensor)
    {
        public Tensor Add(Tensor other) => tensor.add(other, One);

        /// <summary>tensor + alpha * other.</summary>
        public Tensor Add(Tensor other, Number alpha)
        {
            using var scalar = alpha.ToScalar();
            return tensor.add(other, scalar);
        }

        [OverloadResolutionPriority(1)] // numbers convert to tensors too
        public Tensor Add(Number value)
        {
            using var scalar = value.ToScalar();
            return tensor.add(scalar, One);
        }

        public Tensor AddInPlace(Tensor other) => tensor.add_(other, One);

        public Tensor AddInPlace(Tensor other, Number alpha)
        {
            using var scalar = alpha.ToScalar();
            return tensor.add_(other, scalar);
        }

        [OverloadResolutionPriority(1)] // numbers convert to tensors too
        public Tensor AddInPlace(Number value)
        {
            using var scalar = value.ToScalar();
            return tensor.add_(scalar, One);
        }

        /// <summary>tensor + factor * first * second.</summary>
        public Tensor AddProductInPlace(Tensor first, Tensor second, Number factor)
        {
            using var scalar = factor.ToScalar();
            return tensor.addcmul_(first, second, scalar);
        }

        /// <summary>tensor + factor * dividend / divisor.</summary>
        public Tensor AddQuotientInPlace(Tensor dividend, Tensor divisor, Number factor)
        {
            using var scalar = factor.ToScalar();
            return tensor.addcdiv_(dividend, divisor, scalar);
        }

        /// <summary>Adds each of <paramref name="rows"/> to the row that its index names.</summary>
        public Tensor AddRowsInPlace(Tensor indices, Tensor rows) => tensor.index_add_(0, indices, rows, One);

        public Tensor Subtract(Number value)
        {
            using var scalar = value.ToScalar();
            return tensor.sub(scalar);
        }

        public Tensor SubtractInPlace(Number value)
        {
            using var scalar = value.ToScalar();
            return tensor.sub_(scalar);
        }

        public Tensor Multiply(Number value)
        {
            using var scalar = value.ToScalar();
            return tensor.mul(scalar);
        }

        public Tensor MultiplyInPlace(Number value)
        {
            using var scalar = value.ToScalar();
            return tensor.mul_(scalar);
        }

        public Tensor Divide(Number value)
        {
            using var scalar = value.ToScalar();
            return tensor.div(scalar);
        }

        public Tensor DivideInPlace(Number value)
        {
            using var scalar = value.ToScalar();
            return tensor.div_(scalar);
        }

        public Tensor FloorDivide(Number value)
        {
            using var scalar = value.ToScalar();
            return tensor.div(scalar, RoundingMode.floor);
        }

        public Tensor Square() => tensor.pow(Two);

        public Tensor Power(Number exponent)
        {
            using var scalar = exponent.ToScalar();
            return tensor.pow(scalar);
        }

        public Tensor Clamp(Number min, Number max)
        {
            using var lower = min.ToScalar();
            using var upper = max.ToScalar();
            return tensor.clamp(lower, upper);
        }

        public Tensor ClampInPlace(Number min, Number max)
        {
            using var lower = min.ToScalar();
            using var upper = max.ToScalar();
            return tensor.clamp_(lower, upper);
        }

        public Tensor ClampMin(Number min)
        {
            using var scalar = min.ToScalar();
            return tensor.clamp_min(scalar);
        }

        public Tensor ClampMinInPlace(Number min)
        {
            using var scalar = min.ToScalar();
            return tensor.clamp_min_(scalar);
        }

        public Tensor EqualTo(Number value)
        {
            using var scalar = value.ToScalar();
            return tensor.eq(scalar);
        }

        public Tensor GreaterThan(Number value)
        {
            using var scalar = value.ToScalar();
            return tensor.gt(scalar);
        }

        public Tensor GreaterOrEqual(Number value)
        {
            using var scalar = value.ToScalar();
            return tensor.ge(scalar);
        }

        public Tensor FillInPlace(Number value)
        {
            using var scalar = value.ToScalar();
            return tensor.fill_(scalar);
        }

        public Tensor MaskedFillInPlace(Tensor mask, Number value)
        {
            using var scalar = value.ToScalar();
            return tensor.masked_fill_(mask, scalar);
        }
    }
}
