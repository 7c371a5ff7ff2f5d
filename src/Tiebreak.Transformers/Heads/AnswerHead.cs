using Tiebreak.Core;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Heads;

/// <summary>
/// Logits of the answers that a language model may give. Only the rows of their tokens are multiplied, not the vocabulary. The softmax of
/// the logits is the share of each answer among all answers.
/// </summary>
internal sealed class AnswerHead : Head
{
    private readonly GeneratorHead _generator;
    private readonly int[] _tokens;
    private readonly long[] _counts;

    /// <summary>Chooses the answers.</summary>
    /// <param name="generator">The language model's head; it stays its owner's.</param>
    /// <param name="answers">
    /// For each answer the tokens that begin it, say <c>A</c> and <c>A</c> with a space before it: their probabilities add up.
    /// </param>
    /// <exception cref="InputException">An answer has no token, a token is not in the vocabulary, or two answers share one.</exception>
    public AnswerHead(GeneratorHead generator, IReadOnlyList<IReadOnlyList<int>> answers)
    {
        Check(answers, generator.Outputs);
        _generator = generator;
        _tokens = [.. answers.SelectMany(tokens => tokens)];
        _counts = [.. answers.Select(tokens => (long)tokens.Count)];
    }

    /// <inheritdoc/>
    public override int Outputs => _counts.Length;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor pooled)
    {
        using var scope = NewDisposeScope();
        var logits = _generator.Forward(pooled, _tokens).to(ScalarType.Float32);
        var sums = logits.split(_counts, 1).Select(part => part.logsumexp(1, keepdim: false));
        return stack([.. sums], 1).MoveToOuterDisposeScope();
    }

    private static void Check(IReadOnlyList<IReadOnlyList<int>> answers, int vocabulary)
    {
        var seen = new HashSet<int>();
        for (var i = 0; i < answers.Count; i++)
        {
            if (answers[i].Count == 0)
                throw new InputException($"Answer {i + 1} has no token; give at least one for each answer.");
            foreach (var token in answers[i])
            {
                if (token < 0 || token >= vocabulary)
                {
                    throw new InputException(
                        $"Answer {i + 1} has the token id {token}, but the model's vocabulary has {vocabulary} entries.");
                }

                if (!seen.Add(token))
                {
                    throw new InputException(
                        $"The token id {token} stands for two answers, so that they cannot be told apart; " +
                        "give each answer tokens of its own.");
                }
            }
        }
    }
}
