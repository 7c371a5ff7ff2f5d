using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Boosting.TermVectors;

/// <summary>
/// What <see cref="PairLinearTrainer"/> minimises: the mean cross-entropy with an L2 penalty, and its gradient. The two weights that a term has for responses
/// lie side by side, so that one look into memory serves both; buffers are kept from one evaluation to the next.
/// </summary>
internal sealed class PairLinearLoss
{
    // A fixed number of partial sums, added in order: the result does not depend on the number of threads.
    private const int Parts = 8;

    private readonly int _terms;
    private readonly double _l2;
    private readonly BattleVectors[] _battles;
    private readonly Preference[] _targets;
    private readonly double[] _weights;
    private readonly double _total;
    private readonly int _threads;
    private readonly Vector128<double>[] _byResponse; // strength and tie by response of each term
    private readonly Part[] _parts;

    /// <param name="terms">Places of the vectors.</param>
    /// <param name="l2">Penalty on the weights; see <see cref="PairLinearTrainer"/>.</param>
    /// <param name="battles">Vectors of the training battles.</param>
    /// <param name="targets">Their labels.</param>
    /// <param name="weights">How much each battle counts.</param>
    /// <param name="threads">Threads to use.</param>
    public PairLinearLoss(int terms, double l2, BattleVectors[] battles, Preference[] targets, double[] weights, int threads)
    {
        (_terms, _l2, _battles, _targets, _weights, _threads) = (terms, l2, battles, targets, weights, threads);
        _total = weights.Sum();
        _byResponse = new Vector128<double>[terms];
        _parts = [.. Enumerable.Range(0, Parts).Select(_ => new Part(terms))];
    }

    /// <summary>The loss of a model, and its gradient.</summary>
    /// <param name="parameters">The weights of a <see cref="PairLinearModel"/>: <c>[3 x terms + 1]</c>.</param>
    /// <param name="gradient">Receives the derivative by each of them; all 0 before.</param>
    public double Evaluate(double[] parameters, double[] gradient)
    {
        for (var term = 0; term < _terms; term++)
            _byResponse[term] = Vector128.Create(parameters[term], parameters[_terms + term]);
        if (_threads == 1)
        {
            for (var part = 0; part < Parts; part++)
                Evaluate(part, parameters);
        }
        else
        {
            Parallel.For(0, Parts, new ParallelOptions { MaxDegreeOfParallelism = _threads }, part => Evaluate(part, parameters));
        }

        foreach (var part in _parts)
            part.AddTo(gradient);
        TensorPrimitives.Divide(gradient, _total, gradient);

        // The intercept, which comes last, is not penalised.
        var penalty = _l2 / _total;
        var loss = _parts.Sum(part => part.Loss) / _total;
        for (var k = 0; k < parameters.Length - 1; k++)
        {
            loss += penalty / 2 * parameters[k] * parameters[k];
            gradient[k] += penalty * parameters[k];
        }

        return loss;
    }

    private void Evaluate(int number, double[] parameters)
    {
        var part = _parts[number];
        part.Clear();
        var byPrompt = parameters.AsSpan(2 * _terms, _terms);
        var (from, to) = ((int)((long)_battles.Length * number / Parts), (int)((long)_battles.Length * (number + 1) / Parts));
        for (var i = from; i < to; i++)
        {
            ref readonly var battle = ref _battles[i];
            var (a, b) = (Dot(battle.A), Dot(battle.B));
            var (strength, tie) = (a[0] - b[0], a[1] + b[1] + battle.Prompt.Dot(byPrompt) + parameters[^1]);
            var predicted = Preference.FromScores(strength, -strength, tie);
            var (target, weight) = (_targets[i], _weights[i]);
            part.Loss += weight * LogLoss.Of(predicted, target);

            // d loss / d s = (pA - qA) - (pB - qB), d loss / d t = pTie - qTie.
            part.Add(battle, weight * (predicted.A - target.A - (predicted.B - target.B)), weight * (predicted.Tie - target.Tie));
        }
    }

    private Vector128<double> Dot(TermVector vector)
    {
        var (indices, values) = (vector.Indices, vector.Values);
        var weights = _byResponse;
        var sum = Vector128<double>.Zero;
        for (var k = 0; k < indices.Length; k++)
            sum += weights[indices[k]] * Vector128.Create((double)values[k]);
        return sum;
    }

    /// <summary>The sums over one part of the battles.</summary>
    private sealed class Part(int terms)
    {
        private readonly Vector128<double>[] _byResponse = new Vector128<double>[terms];
        private readonly double[] _byPrompt = new double[terms];
        private double _intercept;

        public double Loss { get; set; }

        public void Clear()
        {
            Array.Clear(_byResponse);
            Array.Clear(_byPrompt);
            (_intercept, Loss) = (0, 0);
        }

        public void Add(in BattleVectors battle, double strength, double tie)
        {
            Add(battle.A, Vector128.Create(strength, tie));
            Add(battle.B, Vector128.Create(-strength, tie));
            battle.Prompt.AddTo(_byPrompt, tie);
            _intercept += tie;
        }

        public void AddTo(double[] gradient)
        {
            for (var term = 0; term < terms; term++)
            {
                gradient[term] += _byResponse[term][0];
                gradient[terms + term] += _byResponse[term][1];
            }

            var byPrompt = gradient.AsSpan(2 * terms, terms);
            TensorPrimitives.Add(byPrompt, _byPrompt, byPrompt);
            gradient[^1] += _intercept;
        }

        private void Add(TermVector vector, Vector128<double> factors)
        {
            var (indices, values) = (vector.Indices, vector.Values);
            var sums = _byResponse;
            for (var k = 0; k < indices.Length; k++)
                sums[indices[k]] += factors * Vector128.Create((double)values[k]);
        }
    }
}
