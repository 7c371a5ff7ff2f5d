using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Reference;

internal static class Near
{
    /// <summary>Every element within a small share of the largest one's size: products of other shapes round otherwise.</summary>
    public static void Equal(Tensor expected, Tensor actual, double relative = 1e-5)
    {
        Assert.Equal(expected.shape, actual.shape);
        using var scope = NewDisposeScope();
        var difference = (expected - actual).abs().max().item<float>();
        var largest = expected.abs().max().item<float>();
        Assert.True(difference <= relative * largest, $"{difference} beside a largest value of {largest}");
    }

    /// <summary>Every element within a small share of the largest one's size.</summary>
    public static void Equal(double[][] expected, Tensor actual, double relative = 1e-5)
    {
        Assert.Equal([expected.Length, expected[0].Length], actual.shape);
        var tolerance = relative * expected.Max(row => row.Max(Math.Abs));
        var values = actual.to(ScalarType.Float64).contiguous().data<double>().ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            var wanted = expected[i / expected[0].Length][i % expected[0].Length];
            Assert.True(Math.Abs(wanted - values[i]) <= tolerance, $"element {i}: {values[i]} instead of {wanted}, tolerance {tolerance}");
        }
    }
}
