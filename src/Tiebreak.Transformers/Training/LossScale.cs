using static TorchSharp.torch;

namespace Tiebreak.Transformers.Training;

/// <summary>
/// The factor of a loss whose gradients are computed in float16 (https://arxiv.org/abs/1710.03740): without it small gradients would become
/// zero. A step with a gradient that is too large for the type is left out, and the factor is halved; after many good steps it is doubled.
/// </summary>
internal sealed class LossScale : IDisposable
{
    /// <summary>The factor at the beginning, as in PyTorch.</summary>
    public const double First = 65536;

    /// <summary>Good steps in a row before the factor is doubled, as in PyTorch.</summary>
    public const int GoodSteps = 2000;

    /// <summary>What a checkpoint holds: factor, good steps in a row, steps left out.</summary>
    public Tensor State { get; } = tensor([First, 0.0, 0.0]).DetachFromDisposeScope();

    /// <summary>What the loss is multiplied by.</summary>
    public double Factor => State.data<double>()[0];

    /// <summary>Steps that were left out.</summary>
    public int LeftOut => (int)State.data<double>()[2];

    /// <summary>Takes in whether the gradients of a step were finite.</summary>
    /// <returns>False if the factor cannot become smaller: it is not the factor that makes gradients too large.</returns>
    public bool Update(bool isFinite)
    {
        var numbers = State.data<double>();
        if (!isFinite)
        {
            (numbers[0], numbers[1], numbers[2]) = (numbers[0] / 2, 0, numbers[2] + 1);
            return numbers[0] >= 1;
        }

        numbers[1]++;
        if (numbers[1] == GoodSteps)
            (numbers[0], numbers[1]) = (numbers[0] * 2, 0);
        return true;
    }

    public void Dispose() => State.Dispose();
}
