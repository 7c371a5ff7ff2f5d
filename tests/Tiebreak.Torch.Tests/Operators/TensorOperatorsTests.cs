using Tiebreak.Core;
using Tiebreak.Torch.Operators;
using TorchSharp;

namespace Tiebreak.Torch.Tests.Operators;

public sealed class TensorOperatorsTests
{
    public TensorOperatorsTests()
    {
        TorchRuntime.Start();
        torch.manual_seed(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Attention_with_scale_and_grouped_queries_is_its_formula(bool causal)
    {
        using var scope = torch.NewDisposeScope();
        var (query, key, value) = (torch.randn(2, 8, 5, 4), torch.randn(2, 2, 5, 4), torch.randn(2, 2, 5, 4));

        var scores = torch.matmul(query, key.repeat_interleave(4, 1).transpose(2, 3)) * 0.3;
        if (causal)
            scores = scores + torch.full([5, 5], float.NegativeInfinity).triu(1);
        var expected = torch.matmul(scores.softmax(-1), value.repeat_interleave(4, 1));

        var actual = TensorOperators.ScaledDotProductAttention(query, key, value, causal: causal, scale: 0.3, groupedQueries: true);
        Assert.True(torch.allclose(expected, actual, 1e-5, 1e-6));
    }

    [Fact]
    public void RmsNorm_is_its_formula_and_gradients_flow()
    {
        using var scope = torch.NewDisposeScope();
        var (input, weight) = (torch.randn(3, 7, requires_grad: true), torch.randn(7));
        var expected = input * torch.rsqrt(input.square().mean([-1], keepdim: true) + 1e-6) * weight;
        var actual = TensorOperators.RmsNorm(input, weight, 1e-6);
        Assert.True(torch.allclose(expected, actual, 1e-5, 1e-6));

        expected.square().sum().backward();
        var gradient = input.grad!.clone();
        input.grad.zero_();
        actual.square().sum().backward();
        Assert.True(torch.allclose(gradient, input.grad, 1e-4, 1e-5));
    }

    [Fact]
    public void Int8_product_is_exact()
    {
        using var scope = torch.NewDisposeScope();
        var (left, right) = (torch.randint(-128, 128, [32, 64], torch.int8), torch.randint(-128, 128, [64, 16], torch.int8));
        var expected = torch.matmul(left.to(torch.float64), right.to(torch.float64));

        Assert.Equal(expected.data<double>().ToArray(), TensorOperators.IntMatMul(left, right).to(torch.float64).data<double>().ToArray());
    }

    [Fact]
    public void A_wrong_shape_is_an_error()
    {
        using var scope = torch.NewDisposeScope();
        Assert.Throws<TiebreakException>(() => TensorOperators.IntMatMul(torch.zeros(2, 3, torch.int8), torch.zeros(4, 5, torch.int8)));
    }
}
