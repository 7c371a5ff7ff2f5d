using Tiebreak.Torch.Kernels;
using static TorchSharp.torch;

namespace Tiebreak.Torch.Tests.Kernels;

/// <summary>The shares of attention and their gradient are those of libtorch's operators, for every shape and mask.</summary>
public sealed class SharesKernelTests
{
    private const float Scale = 0.37f;

    public SharesKernelTests() => TorchRuntime.Start();

    [Theory]
    [InlineData(5, 5, 0, true, null)]
    [InlineData(3, 17, 14, true, null)]
    [InlineData(40, 70, 30, true, 9)]
    [InlineData(6, 64, 0, false, null)]
    [InlineData(13, 33, 8, false, 4)]
    [InlineData(1, 1, 0, true, 1)]
    public void Shares_and_gradients_are_those_of_operators(int queries, int keys, int first, bool isCausal, int? window)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var view = new AttentionView(first, isCausal, window);
        var mask = new DropoutMask(0.3, seed: 9);
        foreach (var (type, tolerance) in new[] { (ScalarType.Float32, 2e-6), (ScalarType.BFloat16, 0.02) })
        {
            var scores = randn([2, 3 * queries, keys], generator: generator).mul_(4).to(type);
            var outer = randn([2, 3 * queries, keys], generator: generator).to(type);
            var factors = DropoutKernel.Apply(ones_like(scores, ScalarType.Float32), mask);
            foreach (var isDropping in new[] { false, true })
            {
                var twin = scores.to(ScalarType.Float32).clone().requires_grad_();
                var expected = twin.mul(Scale).masked_fill(Hidden(view, queries, 3 * queries, keys), double.NegativeInfinity).softmax(-1);
                var left = isDropping ? expected.mul(factors) : expected;
                left.backward([outer.to(ScalarType.Float32)]);

                var (shares, dropped) = SharesKernel.Normalise(scores, view, queries, Scale, isDropping ? mask : null);
                var gradient = SharesKernel.Gradient(shares, outer, Scale, isDropping ? mask : null);
                Near(expected, shares, tolerance);
                Near(left, dropped, tolerance);
                Near(twin.grad!, gradient, tolerance);
            }
        }
    }

    [Fact]
    public void A_row_has_the_same_bits_wherever_it_stands()
    {
        using var scope = NewDisposeScope();
        var row = randn([1, 1, 43]);
        var view = new AttentionView(0, IsCausal: false, Window: null);
        var alone = SharesKernel.Normalise(row, view, 1, Scale, mask: null).Shares;
        var among = SharesKernel.Normalise(cat([randn([1, 300, 43]), row, randn([1, 7, 43])], 1), view, 1, Scale, mask: null).Shares;
        Assert.True(alone.equal(among.narrow(1, 300, 1)).all().item<bool>());
    }

    [Fact]
    public void Scores_that_are_no_numbers_give_shares_that_are_none()
    {
        using var scope = NewDisposeScope();
        var scores = zeros(1, 1, 9);
        scores[0, 0, 8] = float.NaN;
        var view = new AttentionView(0, IsCausal: false, Window: null);
        Assert.True(SharesKernel.Normalise(scores, view, 1, Scale, mask: null).Shares.isnan().all().item<bool>());
    }

    // [queries, keys]: true where a key is hidden.
    private static Tensor Hidden(AttentionView view, int queries, int rows, int keys)
    {
        var hidden = ones(rows, keys, dtype: ScalarType.Bool);
        for (var row = 0; row < rows; row++)
        {
            for (var key = 0; key < keys; key++)
            {
                var distance = view.Position + (row % queries) - key;
                if ((distance >= 0 || !view.IsCausal) && (view.Window is not { } window || Math.Abs(distance) < window))
                    hidden[row, key] = false;
            }
        }

        return hidden;
    }

    private static void Near(Tensor expected, Tensor actual, double tolerance) =>
        Assert.InRange((expected.detach() - actual.to(ScalarType.Float32)).abs().max().item<float>(), 0, tolerance);
}
