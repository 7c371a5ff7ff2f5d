using Tiebreak.Core;
using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Heads;

/// <summary>
/// A head over sides of which some are read as several chunks: the state of a side is the mean of those of its chunks. What it makes of
/// sides that are one text each is what the head makes of them without it.
/// </summary>
internal sealed class ChunkedHead : Head
{
    private readonly Head _head;

    /// <summary>Takes the head; whoever has made it frees it.</summary>
    /// <param name="head">A head that reads sides apart.</param>
    /// <param name="backbone">The model under it.</param>
    /// <exception cref="InputException">The head reads more than one state of a side.</exception>
    public ChunkedHead(Head head, Backbone backbone)
    {
        if (head.SelectionOf(backbone) is TokenSelection.All)
        {
            throw new InputException("This model's head reads several tokens of a text, of which chunks have no mean; leave the recipe's "
                + "key \"chunks\" out.");
        }

        _head = head;
    }

    /// <inheritdoc/>
    public override int Outputs => _head.Outputs;

    /// <inheritdoc/>
    public override TokenSelection SelectionOf(Backbone backbone) => _head.SelectionOf(backbone);

    /// <inheritdoc/>
    public override Tensor Forward(PackedTokens tokens, Tensor selected)
    {
        using var scope = NewDisposeScope();
        return _head.Forward(tokens.MeanOfChunks(selected)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor pooled) => throw new NotSupportedException("Without the tokens nobody knows which are chunks.");
}
