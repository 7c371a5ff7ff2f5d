using Tiebreak.Torch.Kernels;
using static TorchSharp.torch;

namespace Tiebreak.Torch.Tests.Kernels;

public sealed class DropoutKernelTests
{
    private const int Count = 1_000_003; // no multiple of any vector or piece

    public DropoutKernelTests() => TorchRuntime.Start();

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void As_many_are_dropped_as_were_asked_for(double probability)
    {
        using var scope = NewDisposeScope();
        var isDropped = Factors(probability, seed: 1).eq(0).to(ScalarType.Float32);
        var deviation = Math.Sqrt(probability * (1 - probability) / Count);
        Assert.InRange(isDropped.mean().item<float>(), probability - (5 * deviation), probability + (5 * deviation));

        // Neighbours, rows of usual widths and other seeds know nothing of each other.
        foreach (var distance in new[] { 1, 2, 8, 384, 4096 })
            Assert.InRange(Correlation(isDropped[..^distance], isDropped[distance..]), -0.006, 0.006);
        Assert.InRange(Correlation(isDropped, Factors(probability, seed: 2).eq(0).to(ScalarType.Float32)), -0.006, 0.006);
        Assert.InRange(Correlation(isDropped, Factors(probability, seed: 1UL << 32).eq(0).to(ScalarType.Float32)), -0.006, 0.006);
    }

    [Fact]
    public void Factors_do_not_depend_on_the_type_or_on_what_stands_behind()
    {
        using var scope = NewDisposeScope();
        var whole = Factors(0.25, seed: 7);
        var mask = new DropoutMask(0.25, seed: 7);
        Assert.True(DropoutKernel.Apply(ones(333), mask).equal(whole[..333]).all().item<bool>());
        var inBFloat16 = DropoutKernel.Apply(ones(Count, dtype: ScalarType.BFloat16), mask);
        Assert.True(inBFloat16.equal(whole.to(ScalarType.BFloat16)).all().item<bool>());
    }

    private static Tensor Factors(double probability, ulong seed) =>
        DropoutKernel.Apply(ones(Count), new DropoutMask(probability, seed));

    private static float Correlation(Tensor left, Tensor right)
    {
        var (a, b) = (left - left.mean(), right - right.mean());
        return ((a * b).mean() / (a.square().mean() * b.square().mean()).sqrt()).item<float>();
    }
}
