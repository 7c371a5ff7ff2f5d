using Tiebreak.Torch;
using Tiebreak.Transformers.Adapters;
using Tiebreak.Transformers.Layers;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Training;

/// <summary>
/// Adapters learn by the formulas of their papers and of PEFT, and what they learned is what they compute with afterwards.
/// </summary>
public sealed class LoraTrainingTests
{
    private const int Inputs = 7;
    private const int Outputs = 5;
    private const int Rank = 3;
    private const double Scaling = 0.6;

    public LoraTrainingTests() => TorchRuntime.Start();

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Outputs_and_gradients_are_those_of_the_formula(bool isDora, bool drops)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(11);
        var (weight, bias) = (Random(generator, Outputs, Inputs), Random(generator, Outputs));
        var (a, b) = (Random(generator, Rank, Inputs).requires_grad_(), Random(generator, Outputs, Rank).requires_grad_());
        var magnitude = isDora ? Random(generator, Outputs).abs().add(0.5).detach().requires_grad_() : null;
        var (input, outer) = (Random(generator, 4, Inputs), Random(generator, 4, Outputs));
        var dropoutSwitch = new DropoutSwitch { Seed = drops ? 5u : null };
        using var layer = new LoraLinear(
            new DenseLinear(Kept(weight.alias()), Kept(bias.alias())),
            Kept(a.alias()),
            Kept(b.alias()),
            bias: null,
            Scaling,
            magnitude is null ? null : Kept(magnitude.alias()),
            dropoutSwitch.Create(0.4));

        var dropped = new DropoutSwitch { Seed = drops ? 5u : null }.Create(0.4).Forward(input);
        var (twinA, twinB) = (a.detach().clone().requires_grad_(), b.detach().clone().requires_grad_());
        var twinMagnitude = magnitude?.detach().clone().requires_grad_();
        var low = dropped.matmul(twinA.t()).matmul(twinB.t()) * Scaling;
        var expected = input.matmul(weight.t()) + bias + low;
        if (twinMagnitude is not null)
        {
            // y = W x + b + (m / n - 1) W d + (m / n) s B A d, where d is what dropout left of x and n, the lengths of rows, has no
            // gradient.
            var factor = twinMagnitude / (weight + (twinB.matmul(twinA) * Scaling)).detach().norm(1);
            expected = input.matmul(weight.t()) + bias + ((factor - 1) * dropped.matmul(weight.t())) + (factor * low);
        }

        var output = layer.Forward(input);
        Near(expected, output);
        (output * outer).sum().backward();
        (expected * outer).sum().backward();
        Near(twinA.grad!, a.grad!);
        Near(twinB.grad!, b.grad!);
        if (magnitude is not null)
            Near(twinMagnitude!.grad!, magnitude.grad!);
    }

    [Fact]
    public void What_dora_learned_is_what_it_computes_with()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(12);
        var (weight, input) = (Random(generator, Outputs, Inputs), Random(generator, 4, Inputs));
        var (a, b) = (Random(generator, Rank, Inputs), Random(generator, Outputs, Rank));
        var magnitude = Random(generator, Outputs).abs().add(0.5);
        using var learning = Layer(requiresGradient: true);
        using (no_grad())
        {
            _ = learning.A.mul_(1.5);
            _ = learning.B.add_(0.2);
            _ = learning.Magnitude!.mul_(0.7);
        }

        (a, b, magnitude) = (a * 1.5, b + 0.2, magnitude * 0.7);
        using var saved = Layer(requiresGradient: false);
        Near(saved.Forward(input), learning.Forward(input));
        Near(saved.Weight(ScalarType.Float32), learning.Weight(ScalarType.Float32));

        LoraLinear Layer(bool requiresGradient) => new(
            new DenseLinear(Kept(weight.clone()), null),
            Kept(a.clone()).requires_grad_(requiresGradient),
            Kept(b.clone()).requires_grad_(requiresGradient),
            bias: null,
            Scaling,
            Kept(magnitude.clone()).requires_grad_(requiresGradient),
            Dropout.None);
    }

    private static Tensor Random(Generator generator, params long[] shape) => randn(shape, generator: generator);

    private static Tensor Kept(Tensor tensor) => tensor.DetachFromDisposeScope();

    private static void Near(Tensor expected, Tensor actual) =>
        Assert.True(actual.allclose(expected, rtol: 1e-4, atol: 1e-5), $"{(actual - expected).abs().max().item<float>()}");
}
