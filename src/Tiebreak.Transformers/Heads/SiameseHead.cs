using static TorchSharp.torch;

namespace Tiebreak.Transformers.Heads;

/// <summary>
/// Labels from the two sides of a battle, each read by itself (prompt with response A, prompt with response B) and put side by side.
/// </summary>
internal sealed class SiameseHead : Head
{
    private readonly ClassifierHead _classifier;

    /// <summary>Takes the layers that see both sides.</summary>
    /// <param name="classifier">Reads twice the hidden size: the side of A, then that of B.</param>
    public SiameseHead(ClassifierHead classifier) => _classifier = Own(classifier);

    /// <inheritdoc/>
    public override int Outputs => _classifier.Outputs;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor pooled)
    {
        using var pairs = pooled.view(-1, 2 * pooled.shape[1]); // [battles, 2 * hidden]
        return _classifier.Forward(pairs);
    }
}
