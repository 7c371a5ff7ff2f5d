using System.Diagnostics;
using Tiebreak.Torch;
using Tiebreak.Torch.Kernels;
using Tiebreak.Torch.Operators;
using Tiebreak.Torch.Quantization;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Planning;

/// <summary>How fast a device multiplies matrices of a layer's size, measured: what no model on it can exceed.</summary>
internal static class ProductRate
{
    private const int Rows = 512;

    /// <summary>Measures.</summary>
    /// <param name="shape">The layer; its feed-forward product is measured.</param>
    /// <param name="type">What to compute with.</param>
    /// <param name="compute">Products of int8, or of <paramref name="type"/>.</param>
    /// <param name="device">Where.</param>
    /// <param name="time">About how long.</param>
    /// <param name="clock">What counts the time of a product; null: the wall clock.</param>
    /// <returns>Operations a second, two for each multiplication and addition.</returns>
    public static double Measure(
        LayerShape shape, DType type, LinearCompute compute, string device, TimeSpan time, Func<TimeSpan>? clock = null)
    {
        var place = Devices.Parse(device)[0];
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        var (input, stored) = (Random(Rows, shape.Hidden), Random(shape.Intermediate, shape.Hidden));
        var weight = stored.t();
        using var panels = compute is LinearCompute.Int8 && Int8Panels.AreFastest && place.type is TorchSharp.DeviceType.CPU
            ? new Int8Panels(new Int8Weight(weight.t(), ones(shape.Intermediate)), bias: null)
            : null;
        var rounded = panels is null ? null : input.to(ScalarType.Float32);
        Multiply(); // wakes threads and packs what is packed once
        var (products, best, running) = (0, double.MaxValue, Stopwatch.StartNew());
        clock ??= () => running.Elapsed;
        while (products < 3 || running.Elapsed < time)
        {
            var before = clock();
            Multiply();
            best = Math.Min(best, (clock() - before).TotalSeconds);
            products++;
        }

        return 2.0 * Rows * shape.Hidden * shape.Intermediate / best;

        void Multiply()
        {
            using var result = Product();
            if (place.type is TorchSharp.DeviceType.CUDA)
                cuda.synchronize(place);
        }

        Tensor Product()
        {
            if (panels is not null)
                return panels.Multiply(rounded!);
            if (compute is LinearCompute.Int8)
                return TensorOperators.IntMatMul(input, weight);
            return FloatProduct.Takes(input, stored, bias: null)
                ? FloatProduct.Multiply(input, stored, bias: null)
                : input.matmul(weight);
        }

        Tensor Random(int rows, int columns) => compute is LinearCompute.Int8
            ? randint(-100, 100, [rows, columns], ScalarType.Int8, place)
            : randn([rows, columns], type.ToScalarType(), place);
    }
}
