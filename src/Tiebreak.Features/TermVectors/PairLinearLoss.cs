using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tiebreak.Features.TermVectors;

/// <summary>
/// What <see cref="PairLinearTrainer"/> minimises: for each of eight models the sum of the cross-entropies with an L2 penalty, and its
/// gradient. All models see the same battles, except that each may leave out one fold. A vector holds one number of each model, so that one
/// look into memory serves all models. The parameters are strength and tie of the first term in a response, of the second, and so on; then
/// the ties of the terms in a prompt; then the intercept: <c>[3 x terms + 1]</c> vectors.
/// </summary>
internal sealed class PairLinearLoss
{
    /// <summary>Models that are fitted side by side.</summary>
    public static readonly int Models = Vector256<float>.Count;

    // A fixed number of partial sums, added in order: the result does not depend on the number of threads.
    private const int Parts = 8;

    private readonly int _terms;
    private readonly float _l2;
    private readonly BattleVectors[] _battles;
    private readonly Label[] _labels;
    private readonly Vector256<float>[] _seen; // by fold: 1 for the models that see it
    private readonly int _threads;
    private readonly PairLinearSums[] _parts;

    /// <param name="terms">Places of the vectors.</param>
    /// <param name="l2">Penalty on the weights; see <see cref="PairLinearTrainer"/>.</param>
    /// <param name="rows">The training battles.</param>
    /// <param name="leftOut">For each model, at most <see cref="Models"/>, the fold that it must not see; -1 for none.</param>
    /// <param name="threads">Threads to use.</param>
    public PairLinearLoss(int terms, double l2, PairLinearRows rows, ReadOnlySpan<int> leftOut, int threads)
    {
        (_terms, _l2, _battles, _threads) = (terms, (float)l2, [.. rows.Battles], threads);
        _labels = [.. rows.Targets.Select((target, i) =>
            new Label((float)(target.A - target.B), (float)target.Tie, (float)rows.Weights[i], rows.Folds[i]))];
        _seen = new Vector256<float>[rows.Folds.DefaultIfEmpty().Max() + 1];
        for (var fold = 0; fold < _seen.Length; fold++)
        {
            for (var model = 0; model < leftOut.Length; model++)
                _seen[fold] = _seen[fold].WithElement(model, leftOut[model] == fold ? 0 : 1);
        }

        _parts = [.. Enumerable.Range(0, Parts).Select(_ => new PairLinearSums(terms))];
    }

    /// <summary>Vectors of parameters.</summary>
    public int Parameters => (3 * _terms) + 1;

    /// <summary>The loss of each model, and its gradient.</summary>
    /// <param name="parameters">The weights.</param>
    /// <param name="gradient">Receives the derivative by each of them.</param>
    public double[] Evaluate(Vector256<float>[] parameters, Vector256<float>[] gradient)
    {
        Parallel.For(0, Parts, new ParallelOptions { MaxDegreeOfParallelism = _threads }, part => Evaluate(part, parameters));
        var losses = new double[Models];
        Array.Clear(gradient);
        foreach (var part in _parts)
            part.AddTo(gradient, losses);

        // The intercept, which comes last, is not penalised.
        var squares = LaneVectors.Dot(parameters.AsSpan(..^1), parameters.AsSpan(..^1));
        LaneVectors.AddScaled(gradient.AsSpan(..^1), Vector256.Create(_l2), parameters.AsSpan(..^1));
        for (var model = 0; model < Models; model++)
            losses[model] += _l2 / 2 * squares[model];
        return losses;
    }

    /// <summary>How much the gradient changes with each parameter where all are 0, for a model that sees all battles.</summary>
    public float[] Curvature()
    {
        // At probabilities of one third the second derivative of a battle's loss is 2/3 by its strength and 2/9 by its tie.
        var curvature = new double[Parameters];
        Array.Fill(curvature, _l2, 0, Parameters - 1);
        for (var i = 0; i < _battles.Length; i++)
        {
            var weight = _labels[i].Weight;
            foreach (var side in (ReadOnlySpan<TermVector>)[_battles[i].A, _battles[i].B])
            {
                for (var k = 0; k < side.Indices.Length; k++)
                {
                    var square = weight * side.Values[k] * side.Values[k];
                    curvature[2 * side.Indices[k]] += 2.0 / 3 * square;
                    curvature[(2 * side.Indices[k]) + 1] += 2.0 / 9 * square;
                }
            }

            var prompt = _battles[i].Prompt;
            for (var k = 0; k < prompt.Indices.Length; k++)
                curvature[(2 * _terms) + prompt.Indices[k]] += 2.0 / 9 * weight * prompt.Values[k] * prompt.Values[k];
            curvature[^1] += 2.0 / 9 * weight;
        }

        return [.. curvature.Select(value => (float)value)];
    }

    private void Evaluate(int number, Vector256<float>[] parameters)
    {
        var part = _parts[number];
        part.Clear();
        var byResponse = MemoryMarshal.Cast<Vector256<float>, Vector512<float>>(parameters.AsSpan(0, 2 * _terms));
        var byPrompt = parameters.AsSpan(2 * _terms, _terms);
        var intercept = parameters[^1];
        var (from, to) = ((int)((long)_battles.Length * number / Parts), (int)((long)_battles.Length * (number + 1) / Parts));
        for (var i = from; i < to; i++)
        {
            ref readonly var battle = ref _battles[i];
            ref readonly var label = ref _labels[i];
            var (a, b) = (Dot(battle.A, byResponse), Dot(battle.B, byResponse));
            var (strength, tie) = ((a - b).GetLower(), (a + b).GetUpper() + Dot(battle.Prompt, byPrompt) + intercept);

            // Cross-entropy of the scores strength, -strength and tie; the largest is taken off before the exponentials.
            var most = Vector256.Max(Vector256.Abs(strength), tie);
            var (forA, forB, forTie) = (Vector256.Exp(strength - most), Vector256.Exp(-strength - most), Vector256.Exp(tie - most));
            var sum = forA + forB + forTie;
            var weight = label.Weight * _seen[label.Fold];
            part.AddLoss(weight * (most + Vector256.Log(sum) - (label.Ahead * strength) - (label.Tie * tie)));

            // d loss / d strength = (pA - qA) - (pB - qB), d loss / d tie = pTie - qTie.
            part.AddGradient(
                battle, weight * (((forA - forB) / sum) - Vector256.Create(label.Ahead)),
                weight * ((forTie / sum) - Vector256.Create(label.Tie)));
        }
    }

    private static Vector512<float> Dot(TermVector vector, ReadOnlySpan<Vector512<float>> weights)
    {
        var (indices, values) = (vector.Indices, vector.Values);
        var sum = Vector512<float>.Zero;
        for (var k = 0; k < indices.Length; k++)
            sum = Vector512.MultiplyAddEstimate(weights[indices[k]], Vector512.Create(values[k]), sum);
        return sum;
    }

    private static Vector256<float> Dot(TermVector vector, ReadOnlySpan<Vector256<float>> weights)
    {
        var (indices, values) = (vector.Indices, vector.Values);
        var sum = Vector256<float>.Zero;
        for (var k = 0; k < indices.Length; k++)
            sum = Vector256.MultiplyAddEstimate(weights[indices[k]], Vector256.Create(values[k]), sum);
        return sum;
    }

    /// <summary>What people said about a battle.</summary>
    /// <param name="Ahead">The probability of A less that of B.</param>
    /// <param name="Tie">The probability of a tie.</param>
    /// <param name="Weight">How much the battle counts.</param>
    /// <param name="Fold">Its fold.</param>
    private readonly record struct Label(float Ahead, float Tie, float Weight, int Fold);
}
