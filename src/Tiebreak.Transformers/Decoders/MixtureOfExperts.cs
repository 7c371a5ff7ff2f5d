using Tiebreak.Torch.Operators;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Decoders;

/// <summary>
/// Sparse mixture of experts (https://arxiv.org/abs/2401.04088): a router picks a few feed-forward parts for each token and mixes what they
/// give by the softmax of its scores, over those picked or over all. Each expert sees only its own tokens.
/// </summary>
internal sealed class MixtureOfExperts : WeightOwner
{
    private readonly Linear _router;
    private readonly FeedForward[] _experts;
    private readonly int _perToken;
    private readonly bool _normalisesShares;

    public MixtureOfExperts(DecoderOptions options, WeightSource weights, string prefix)
    {
        (_perToken, _normalisesShares) = (options.ExpertsPerToken, options.NormalisesExpertShares);
        _router = Own(weights.Linear(prefix + options.Names.Router, options.HiddenSize, options.Experts, hasBias: false));
        _experts = [.. Enumerable.Range(0, options.Experts)
            .Select(i => Own(new FeedForward(
                options, weights, $"{prefix}{options.Names.Experts}{i}.", options.Names.Expert, options.ExpertSize)))];
    }

    /// <param name="hidden">[tokens, hidden].</param>
    /// <returns>[tokens, hidden].</returns>
    public Tensor Forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var all = _router.Forward(hidden).to(ScalarType.Float32); // [tokens, experts]
        var (scores, picked) = all.topk(_perToken, dim: 1); // [tokens, per token]

        // The softmax over those picked is the softmax over all, renormalised.
        var shares = (_normalisesShares ? scores.softmax(1) : all.softmax(1).gather(1, picked)).to(hidden.dtype);
        var output = zeros_like(hidden);
        for (var i = 0; i < _experts.Length; i++)
        {
            using var inner = NewDisposeScope();
            var uses = picked.EqualTo(i).nonzero(); // [uses, 2]: token and place
            if (uses.shape[0] == 0)
                continue;

            var (rows, places) = (uses.select(1, 0), uses.select(1, 1));
            var share = shares.index_select(0, rows).gather(1, places.unsqueeze(1)); // [uses, 1]
            output.AddRowsInPlace(rows, _experts[i].Forward(hidden.index_select(0, rows)).mul(share));
        }

        return output.MoveToOuterDisposeScope();
    }
}
