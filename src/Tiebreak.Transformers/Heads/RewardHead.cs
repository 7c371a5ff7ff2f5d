using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Heads;

/// <summary>
/// A reward model as a judge: each response has a score of its own, and the difference decides. Exchanging the sides exchanges the scores.
/// </summary>
internal sealed class RewardHead : Head
{
    private readonly Head _score;

    /// <summary>Takes the layers that score one response.</summary>
    /// <param name="score">One output.</param>
    public RewardHead(Head score) => _score = Own(score);

    /// <inheritdoc/>
    public override int Outputs => _score.Outputs;

    /// <inheritdoc/>
    public override TokenSelection SelectionOf(Backbone backbone) => _score.SelectionOf(backbone);

    /// <inheritdoc/>
    public override Tensor Forward(PackedTokens tokens, Tensor selected) => Sides(_score.Forward(tokens, selected));

    /// <inheritdoc/>
    public override Tensor Forward(Tensor pooled) => Sides(_score.Forward(pooled));

    private static Tensor Sides(Tensor scores)
    {
        using (scores) // [sequences, 1]
            return scores.view(-1, 2);
    }
}
