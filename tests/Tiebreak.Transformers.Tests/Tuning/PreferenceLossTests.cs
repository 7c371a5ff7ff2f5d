using Tiebreak.Torch;
using Tiebreak.Transformers.Judges.Readings;
using Tiebreak.Transformers.Training;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Tuning;

/// <summary>The loss against its formulas, and against what PyTorch's cross-entropy gives.</summary>
public sealed class PreferenceLossTests
{
    private static readonly LabelReading Reading = new([0, 1, 2], isFixed: true, ReadingParameters.Plain);

    public PreferenceLossTests() => TorchRuntime.Start();

    [Fact]
    public void Smoothing_is_that_of_PyTorch()
    {
        using var scope = NewDisposeScope();
        var (outputs, targets) = (Random(), tensor(new float[,] { { 1, 0, 0 }, { 0, 0, 1 } }));
        var (loss, logLoss) = new PreferenceLoss(Reading, smoothing: 0.2).Of(outputs, targets);
        var classes = tensor(new long[] { 0, 2 });
        Near(nn.functional.cross_entropy(outputs, classes, label_smoothing: 0.2, reduction: nn.Reduction.None), loss);
        Near(nn.functional.cross_entropy(outputs, classes, reduction: nn.Reduction.None), logLoss);
        Assert.False(logLoss.requires_grad);
    }

    [Fact]
    public void Soft_targets_and_focus_follow_their_formula()
    {
        using var scope = NewDisposeScope();
        var (outputs, targets) = (Random(), tensor(new float[,] { { 0.5f, 0.25f, 0.25f }, { 0, 0.9f, 0.1f } }));
        var p = outputs.softmax(1);
        Near((targets * p.log()).sum(1).neg(), new PreferenceLoss(Reading).Of(outputs, targets).Loss);
        Near((targets * (1 - p).pow(2) * p.log()).sum(1).neg(), new PreferenceLoss(Reading, focalGamma: 2).Of(outputs, targets).Loss);
    }

    private static Tensor Random()
    {
        using var generator = new Generator(3);
        return randn([2, 3], generator: generator).requires_grad_();
    }

    private static void Near(Tensor expected, Tensor actual) => Assert.True(actual.allclose(expected, rtol: 1e-5, atol: 1e-6));
}
