using Tiebreak.Torch.Kernels;
using TorchSharp;

namespace Tiebreak.Torch.Tests.Kernels;

/// <summary>Attention in one pass against its definition.</summary>
public sealed class AttentionKernelTests
{
    public AttentionKernelTests() => TorchRuntime.Start();

    [Theory]
    [InlineData(1, 1, 1, 1, 16, true, null)]
    [InlineData(7, 7, 4, 2, 32, true, null)]
    [InlineData(90, 90, 6, 2, 64, true, null)]
    [InlineData(40, 75, 4, 1, 16, true, null)] // the end of a sequence
    [InlineData(1, 75, 4, 1, 16, true, null)] // its last token
    [InlineData(90, 90, 8, 8, 80, true, 17)]
    [InlineData(90, 90, 2, 1, 48, false, 20)]
    [InlineData(33, 33, 50, 1, 16, true, null)] // more heads of one key than a block has rows
    public void Each_query_mixes_what_it_sees(int queries, int length, int heads, int keyHeads, int dim, bool isCausal, int? window)
    {
        Assert.SkipUnless(AttentionKernel.IsFastest, "This processor computes attention with libtorch's products.");
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(8);
        var query = Random(generator, queries, heads, dim);
        var (key, value) = (Random(generator, length, keyHeads, dim), Random(generator, length, keyHeads, dim));
        var view = new AttentionView(length - queries, isCausal, window);

        var actual = Attend(query, key, value, view);

        var distances = (torch.arange(queries) + view.Position).unsqueeze(1) - torch.arange(length);
        var hidden = torch.zeros_like(distances).to(torch.ScalarType.Bool);
        if (isCausal)
            hidden = hidden.logical_or(distances < 0);
        if (window is { } width)
            hidden = hidden.logical_or(distances.abs() >= width);
        var (keys, values) = (Repeated(key), Repeated(value)); // [heads, length, dim]
        var scores = (query.to(torch.ScalarType.Float64).transpose(0, 1).matmul(keys.transpose(1, 2)) * 0.3).masked_fill(hidden, double.NegativeInfinity);
        var expected = scores.softmax(-1).matmul(values).transpose(0, 1).flatten(1);
        RowKernelTests.Equal(expected, actual, 3e-6);

        torch.Tensor Repeated(torch.Tensor rows) =>
            rows.to(torch.ScalarType.Float64).repeat_interleave(heads / keyHeads, 1).transpose(0, 1);
    }

    [Fact]
    public void What_a_token_gets_has_the_same_bits_whatever_is_computed_with_it()
    {
        Assert.SkipUnless(AttentionKernel.IsFastest, "This processor computes attention with libtorch's products.");
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(9);
        var query = Random(generator, 100, 4, 32);
        var (key, value) = (Random(generator, 100, 2, 32), Random(generator, 100, 2, 32));
        foreach (int? window in new int?[] { null, 30 })
        {
            var whole = Attend(query, key, value, new AttentionView(0, IsCausal: true, window));
            var end = Attend(query.narrow(0, 41, 59), key, value, new AttentionView(41, IsCausal: true, window));
            var beginning = Attend(
                query.narrow(0, 0, 50), key.narrow(0, 0, 50), value.narrow(0, 0, 50), new AttentionView(0, IsCausal: true, window));
            Assert.True(end.Equals(whole.narrow(0, 41, 59)));
            Assert.True(beginning.Equals(whole.narrow(0, 0, 50)));
        }
    }

    [Fact]
    public void Queries_beyond_the_keys_are_refused()
    {
        using var scope = torch.NewDisposeScope();
        var (query, key) = (torch.zeros(3, 2, 16), torch.zeros(4, 1, 16));
        Assert.Throws<ArgumentException>(() => Attend(query, key, key, new AttentionView(2, IsCausal: true, Window: null)));
        Assert.Throws<ArgumentException>(() => Attend(query, key, query, new AttentionView(0, IsCausal: true, Window: null)));
    }

    [Fact]
    public void Other_types_and_sizes_are_left_to_the_operators()
    {
        using var mode = torch.inference_mode();
        using var scope = torch.NewDisposeScope();
        var heads = torch.randn(3, 2, 16);
        Assert.Equal(AttentionKernel.IsFastest, AttentionKernel.Takes(heads, heads, heads));
        var halves = heads.to(torch.ScalarType.BFloat16);
        Assert.False(AttentionKernel.Takes(halves, halves, halves));
        var small = torch.randn(3, 2, 8);
        Assert.False(AttentionKernel.Takes(small, small, small));
    }

    private static torch.Tensor Attend(torch.Tensor query, torch.Tensor key, torch.Tensor value, AttentionView view)
    {
        var output = torch.empty(query.shape[0], query.shape[1] * query.shape[2]);
        AttentionKernel.Attend(query, key, value, view, 0.3f, output);
        return output;
    }

    private static torch.Tensor Random(torch.Generator generator, params long[] shape) => torch.randn(shape, generator: generator);
}
