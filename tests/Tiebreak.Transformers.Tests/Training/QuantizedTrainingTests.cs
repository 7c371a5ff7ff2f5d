using Tiebreak.Torch;
using Tiebreak.Torch.Quantization;
using Tiebreak.Transformers.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Training;

/// <summary>Gradients pass quantised layers as they pass the dequantised ones, and no dequantised weight is kept for them.</summary>
public sealed class QuantizedTrainingTests
{
    private const int Inputs = 64;
    private const int Outputs = 32;

    public QuantizedTrainingTests() => TorchRuntime.Start();

    [Theory]
    [InlineData("nf4", ScalarType.Float32)]
    [InlineData("nf4", ScalarType.BFloat16)]
    [InlineData("int8", ScalarType.Float32)]
    [InlineData("awq", ScalarType.Float32)]
    public void Gradients_are_those_of_the_dequantised_layer(string format, ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var weight = Quantize(format, randn([Outputs, Inputs], generator: generator));
        var learning = randn([Outputs], type, generator: generator).requires_grad_();
        using var quantized = new QuantizedLinear(weight, learning.DetachFromDisposeScope());
        var bias = quantized.Bias!.detach().clone().requires_grad_();
        var input = randn([2, 5, Inputs], type, generator: generator);
        var outer = randn([2, 5, Outputs], type, generator: generator);

        var (mine, its) = (input.clone().requires_grad_(), input.clone().requires_grad_());
        var (output, expected) = (quantized.Forward(mine), nn.functional.linear(its, weight.Dequantize(type), bias));
        output.mul(outer).sum().backward();
        expected.mul(outer).sum().backward();
        Assert.True(output.equal(expected).all().item<bool>());
        Assert.True(mine.grad!.allclose(its.grad!, rtol: 1e-5, atol: 1e-6));
        Assert.True(quantized.Bias!.grad!.allclose(bias.grad!, rtol: type is ScalarType.BFloat16 ? 0.02 : 1e-5, atol: 1e-5));
        Assert.True(output.equal(quantized.Forward(input)).all().item<bool>()); // and without gradients
    }

    /// <summary>Of a layer that is computed again, and whose values nobody reads: to the byte.</summary>
    [Theory]
    [InlineData("nf4")]
    [InlineData("int8")]
    [InlineData(null)]
    public void Gradients_without_values_are_those_with_them(string? format)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(6);
        var weight = randn([Outputs, Inputs], generator: generator);
        var bias = randn([Outputs], generator: generator).DetachFromDisposeScope().requires_grad_();
        using Linear layer = format is null
            ? new DenseLinear(weight.DetachFromDisposeScope().requires_grad_(), bias)
            : new QuantizedLinear(Quantize(format, weight), bias);
        var input = randn([7, Inputs], generator: generator);
        var outer = randn([7, Outputs], generator: generator);

        var (expected, actual) = (Gradients(layer.Forward), Gradients(layer.WithoutValues));
        Assert.All(expected.Zip(actual), pair => Assert.True(pair.First.Equals(pair.Second)));

        List<Tensor> Gradients(Func<Tensor, Tensor> forward)
        {
            var learning = input.clone().requires_grad_();
            forward(learning).mul(outer).sum().backward();
            List<Tensor> gradients = [learning.grad!.clone(), bias.grad!.clone()];
            _ = bias.grad!.zero_();
            if (format is null)
            {
                gradients.Add(weight.grad!.clone());
                _ = weight.grad!.zero_();
            }

            return gradients;
        }
    }

    /// <summary>
    /// The weight is changed between the passes. If the forward pass had kept it, libtorch would refuse to go backward through a tensor
    /// that was changed in place; instead the gradient is that of the weight as it is dequantised then.
    /// </summary>
    [Fact]
    public void The_dequantised_weight_is_not_kept_for_the_backward_pass()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        var dense = randn([Outputs, Inputs], generator: generator);
        using var layer = new QuantizedLinear(new SharedWeight(dense.alias().DetachFromDisposeScope()), bias: null);
        var input = randn([3, Inputs], generator: generator).requires_grad_();
        var output = layer.Forward(input);

        _ = dense.mul_(2);
        output.sum().backward();
        Assert.True(input.grad!.allclose(ones(3, Outputs).matmul(dense), rtol: 1e-5, atol: 1e-6));
    }

    [Fact]
    public void No_gradient_of_a_layer_stays_until_the_end_of_the_step()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        using var layer = new QuantizedLinear(Quantize("int8", randn([Inputs, Inputs], generator: generator)), bias: null);
        var input = randn([4, Inputs], generator: generator).requires_grad_();
        Assert.Equal(LiveAfter(layers: 2), LiveAfter(layers: 20));

        long LiveAfter(int layers)
        {
            using var inner = NewDisposeScope();
            var hidden = input;
            for (var i = 0; i < layers; i++)
            {
                var next = layer.Forward(hidden);
                if (i > 0)
                    hidden.Dispose();
                hidden = next;
            }

            hidden.sum().backward();
            return DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }
    }

    private static QuantizedWeight Quantize(string format, Tensor weight) => format switch
    {
        "nf4" => Nf4.Quantize(weight),
        "int8" => Int8Weight.Quantize(weight),
        _ => GroupRounding.QuantizeAwq(weight, 16),
    };

    /// <summary>A weight whose dequantised form is the same memory every time.</summary>
    private sealed class SharedWeight : QuantizedWeight
    {
        private readonly Tensor _dense;

        public SharedWeight(Tensor dense)
            : base((int)dense.shape[0], (int)dense.shape[1]) => _dense = Own(dense);

        protected override Tensor WithKernels() => _dense.alias();

        protected override Tensor WithOperators() => _dense.alias();
    }
}
