using Tiebreak.Core;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Heads;

/// <summary>A language model's head: logits of the next token, of the whole vocabulary or of the answers that count.</summary>
public sealed class GeneratorHead : Head
{
    private readonly Tensor _weight;
    private readonly double? _softcap;

    /// <summary>Takes the head's matrix.</summary>
    /// <param name="weight">[vocabulary, hidden].</param>
    /// <param name="softcap">Gemma 2: logits become c * tanh(logit / c); null: they stay.</param>
    public GeneratorHead(Tensor weight, double? softcap)
    {
        _weight = Own(weight);
        _softcap = softcap;
    }

    /// <summary>Logits of every token.</summary>
    /// <param name="pooled">[sequences, hidden] of each last token.</param>
    /// <returns>[sequences, vocabulary].</returns>
    public override Tensor Forward(Tensor pooled)
    {
        using var scope = NewDisposeScope();
        return Capped(nn.functional.linear(pooled, _weight)).MoveToOuterDisposeScope();
    }

    /// <summary>Logits of answers. Only the rows of their tokens are multiplied, not the vocabulary.</summary>
    /// <param name="pooled">[sequences, hidden] of each last token.</param>
    /// <param name="answers">
    /// For each answer the tokens that begin it, say <c>A</c> and <c>A</c> with a space before it: their probabilities add up.
    /// </param>
    /// <returns>[sequences, answers], float32; their softmax is the share of each answer among all answers.</returns>
    /// <exception cref="InputException">An answer has no token, a token is not in the vocabulary, or two answers share one.</exception>
    public Tensor Answers(Tensor pooled, IReadOnlyList<IReadOnlyList<int>> answers)
    {
        Check(answers);
        using var scope = NewDisposeScope();
        var ids = tensor(answers.SelectMany(tokens => tokens).Select(token => (long)token).ToArray(), device: _weight.device);
        var logits = Capped(nn.functional.linear(pooled, _weight.index_select(0, ids))).to(ScalarType.Float32);
        var sums = logits.split([.. answers.Select(tokens => (long)tokens.Count)], 1).Select(part => part.logsumexp(1, keepdim: false));
        return stack([.. sums], 1).MoveToOuterDisposeScope();
    }

    private Tensor Capped(Tensor logits) => _softcap is { } cap ? logits.div_(cap).tanh_().mul(cap) : logits;

    private void Check(IReadOnlyList<IReadOnlyList<int>> answers)
    {
        var seen = new HashSet<int>();
        for (var i = 0; i < answers.Count; i++)
        {
            if (answers[i].Count == 0)
                throw new InputException($"Answer {i + 1} has no token; give at least one for each answer.");
            foreach (var token in answers[i])
            {
                if (token < 0 || token >= _weight.shape[0])
                {
                    throw new InputException(
                        $"Answer {i + 1} has the token id {token}, but the model's vocabulary has {_weight.shape[0]} entries.");
                }

                if (!seen.Add(token))
                {
                    throw new InputException($"The token id {token} stands for two answers, so that they cannot be told apart; "
                        + "give each answer tokens of its own.");
                }
            }
        }
    }
}
