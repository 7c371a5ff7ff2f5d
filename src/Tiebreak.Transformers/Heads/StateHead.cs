using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Heads;

/// <summary>No head at all: the states of the two sides of a battle, each read by itself, put side by side.</summary>
/// <param name="hidden">Size of a state.</param>
/// <param name="isMean">Whether the mean of all tokens' states is read, instead of the token that the model's heads read.</param>
internal sealed class StateHead(int hidden, bool isMean) : Head
{
    /// <inheritdoc/>
    public override int Outputs => 2 * hidden;

    /// <inheritdoc/>
    public override TokenSelection SelectionOf(Backbone backbone) => isMean ? TokenSelection.Mean : backbone.Pooling;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor pooled) => pooled.view(-1, Outputs);
}
