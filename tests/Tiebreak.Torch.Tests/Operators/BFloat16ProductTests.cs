using Tiebreak.Torch.Operators;
using TorchSharp;

namespace Tiebreak.Torch.Tests.Operators;

/// <summary>libtorch's product of small blocks of bfloat16, which is there where processor and system are the right ones.</summary>
public sealed unsafe class BFloat16ProductTests
{
    public BFloat16ProductTests() => TorchRuntime.Start();

    [Fact]
    public void It_is_there_where_linux_runs_on_a_processor_with_products_of_bfloat16() =>
        Assert.Equal(OperatingSystem.IsLinux() && Cpu.HasBFloat16, BFloat16Product.IsAvailable);

    [Theory]
    [InlineData(1, 16, 2)]
    [InlineData(16, 64, 80)]
    [InlineData(48, 32, 512)]
    [InlineData(64, 96, 448)]
    public void Sums_are_of_float32(int rows, int columns, int inner)
    {
        Assert.SkipUnless(BFloat16Product.IsAvailable, "There is no such product here.");
        using var scope = torch.NewDisposeScope();
        var (left, right, start) = (Random(rows, inner), Random(inner, columns), torch.randn(rows, columns));
        var product = left.to(torch.ScalarType.Float64).matmul(right.to(torch.ScalarType.Float64));
        IsNear(product, Multiply(left, right, start, adds: false));
        IsNear(product + start, Multiply(left, right, start, adds: true));

        // Sums of 512 products of some 1 are rounded at 2^-24 of some 30, 512 times.
        static void IsNear(torch.Tensor expected, torch.Tensor actual) =>
            Assert.InRange((expected - actual).abs().max().item<double>(), 0, 1e-4);
    }

    [Fact]
    public void A_sum_has_the_same_bits_in_blocks_of_other_sizes()
    {
        Assert.SkipUnless(BFloat16Product.IsAvailable, "There is no such product here.");
        using var scope = torch.NewDisposeScope();
        var (left, right, start) = (Random(48, 512), Random(512, 64), torch.randn(48, 64));
        left.narrow(1, 192, 320).zero_();
        var expected = Multiply(left, right, start, adds: true);
        foreach (var rows in new[] { 1, 16, 32 })
        {
            foreach (var inner in new[] { 192, 256, 448 })
            {
                var (some, few) = (left.narrow(0, 0, rows).narrow(1, 0, inner), start.narrow(0, 0, rows));
                var actual = Multiply(some, right.narrow(0, 0, inner), few, adds: true);
                Assert.True(actual.Equals(expected.narrow(0, 0, rows)));
            }
        }
    }

    private static torch.Tensor Random(params long[] shape) => torch.randn(shape).to(torch.ScalarType.BFloat16);

    private static torch.Tensor Multiply(torch.Tensor left, torch.Tensor right, torch.Tensor start, bool adds)
    {
        var (rows, inner, columns) = ((int)left.shape[0], (int)left.shape[1], (int)right.shape[1]);
        var lefts = Bits(left);
        var rights = Bits(right.reshape(inner / 2, 2, columns).transpose(1, 2));
        var target = start.contiguous().data<float>().ToArray();
        fixed (ushort* first = lefts, second = rights)
        {
            fixed (float* sums = target)
                BFloat16Product.Multiply(new BlockSize(rows, columns, inner, inner, columns, columns), adds, first, second, sums);
        }

        BFloat16Product.Release();
        return torch.tensor(target, [rows, columns]);
    }

    private static ushort[] Bits(torch.Tensor numbers) =>
        [.. numbers.to(torch.ScalarType.Float32).contiguous().data<float>().ToArray()
            .Select(number => (ushort)(BitConverter.SingleToUInt32Bits(number) >> 16))];
}
