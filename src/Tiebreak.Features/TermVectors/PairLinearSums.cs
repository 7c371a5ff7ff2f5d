using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tiebreak.Features.TermVectors;

/// <summary>The sums of <see cref="PairLinearLoss"/> over one part of the battles.</summary>
/// <param name="terms">Places of the vectors.</param>
internal sealed class PairLinearSums(int terms)
{
    private readonly Vector256<float>[] _gradient = new Vector256<float>[(3 * terms) + 1];
    private Vector256<double> _lossesOfFirst;
    private Vector256<double> _lossesOfLast;

    public void Clear()
    {
        Array.Clear(_gradient);
        _lossesOfFirst = _lossesOfLast = Vector256<double>.Zero;
    }

    /// <summary>Adds the losses of a battle.</summary>
    public void AddLoss(Vector256<float> losses)
    {
        var (first, last) = Vector256.Widen(losses);
        _lossesOfFirst += first;
        _lossesOfLast += last;
    }

    /// <summary>Adds the gradient of a battle.</summary>
    /// <param name="battle">Its vectors.</param>
    /// <param name="strength">The derivative of the loss by the strength of A against B.</param>
    /// <param name="tie">The derivative by the score of a tie.</param>
    public void AddGradient(in BattleVectors battle, Vector256<float> strength, Vector256<float> tie)
    {
        var byResponse = MemoryMarshal.Cast<Vector256<float>, Vector512<float>>(_gradient.AsSpan(0, 2 * terms));
        Add(battle.A, Vector512.Create(strength, tie), byResponse);
        Add(battle.B, Vector512.Create(-strength, tie), byResponse);
        var byPrompt = _gradient.AsSpan(2 * terms, terms);
        var (indices, values) = (battle.Prompt.Indices, battle.Prompt.Values);
        for (var k = 0; k < indices.Length; k++)
            byPrompt[indices[k]] = Vector256.MultiplyAddEstimate(tie, Vector256.Create(values[k]), byPrompt[indices[k]]);
        _gradient[^1] += tie;
    }

    /// <summary>Adds these sums to those of all battles.</summary>
    public void AddTo(Span<Vector256<float>> gradient, Span<double> losses)
    {
        for (var k = 0; k < gradient.Length; k++)
            gradient[k] += _gradient[k];
        for (var model = 0; model < 4; model++)
        {
            losses[model] += _lossesOfFirst[model];
            losses[4 + model] += _lossesOfLast[model];
        }
    }

    private static void Add(TermVector vector, Vector512<float> factors, Span<Vector512<float>> sums)
    {
        var (indices, values) = (vector.Indices, vector.Values);
        for (var k = 0; k < indices.Length; k++)
            sums[indices[k]] = Vector512.MultiplyAddEstimate(factors, Vector512.Create(values[k]), sums[indices[k]]);
    }
}
