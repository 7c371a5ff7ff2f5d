using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;
using Tiebreak.Core;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Features.Routing;

/// <summary>
/// Fits <see cref="PromptRatings"/> to votes: L2-penalised cross-entropy, convex, minimised by L-BFGS. One fit serves a path of penalties,
/// each from where the last ended.
/// </summary>
internal sealed class PromptRatingsFit
{
    private const int MostParts = 8;
    private const int VotesPerPart = 1024;

    private readonly PromptVotes _votes;
    private readonly PromptParameters _layout;
    private readonly double[] _weights;
    private readonly double[][] _partWeights;
    private readonly double[][] _partRest;
    private readonly double _total;
    private readonly bool _hasTies;
    private double[] _current;

    /// <param name="votes">The votes; without features, the prompts have none.</param>
    /// <param name="features">How many features there are; 0 to fit without prompts.</param>
    /// <param name="start">Strengths without prompts to start from, and τ behind them; null for zeros.</param>
    public PromptRatingsFit(PromptVotes votes, int features, PromptRatings? start)
    {
        _votes = votes;
        _layout = new PromptParameters(votes.Models, features, start?.Strengths ?? new double[votes.Models.Count]);
        _weights = new double[features * votes.Models.Count];

        // Parts follow from the votes alone, so that sums do not depend on the number of threads.
        var parts = Math.Clamp(votes.Count / VotesPerPart, 1, MostParts);
        _partWeights = [.. Enumerable.Range(0, parts).Select(_ => new double[_weights.Length])];
        _partRest = [.. Enumerable.Range(0, parts).Select(_ => new double[_layout.Spread])];
        _total = votes.Weights.Sum();
        _hasTies = votes.Targets.Any(target => target.Tie > 0);
        _current = new double[_layout.Count];
        start?.Strengths.CopyTo(_current, 0);
        _current[_layout.Tie] = start?.Tie ?? 0;
    }

    /// <summary>Minimises under penalties.</summary>
    /// <param name="penalties">Which parts are free, and how much.</param>
    /// <param name="features">What the features are, or null without any.</param>
    /// <param name="maxSteps">Most steps.</param>
    /// <param name="threads">Threads to use; the result does not depend on it.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <exception cref="TiebreakException">It did not converge.</exception>
    public PromptRatings Fit(
        PromptPenalties penalties, PromptFeatures? features, int maxSteps, int threads, CancellationToken cancellationToken)
    {
        Freeze(penalties);
        var objective = ObjectiveFunction.Gradient(point =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Evaluate(point.AsArray(), penalties, threads);
        });
        var minimizer = new LimitedMemoryBfgsMinimizer(
            gradientTolerance: 1e-6, parameterTolerance: 1e-9, functionProgressTolerance: 1e-10, memory: 10, maximumIterations: maxSteps);
        try
        {
            _current = minimizer.FindMinimum(objective, Vector<double>.Build.Dense(_current)).MinimizingPoint.AsArray();
        }
        catch (OptimizationException exception)
        {
            throw new TiebreakException(
                $"The strengths of {_votes.Models.Count} models by prompt did not converge within {maxSteps} steps: {exception.Message} " +
                "Leave models with very few votes out.",
                exception)
            {
                Code = ErrorCodes.NotConverged,
            };
        }

        return Read(penalties, features);
    }

    // What is not free stays 0: its gradient is always 0.
    private void Freeze(PromptPenalties penalties)
    {
        if (penalties.Ties is null)
            _current.AsSpan(_layout.TieWeights, _layout.Features).Clear();
        if (penalties.Models is null)
            _current.AsSpan(_layout.Spread).Clear();
    }

    private PromptRatings Read(PromptPenalties penalties, PromptFeatures? features)
    {
        double? tie = _hasTies ? _current[_layout.Tie] : null;
        if (!penalties.UsesPrompts)
            return new PromptRatings(_votes.Models, _current[.._layout.Models], tie, features: null, [], []);

        _layout.Combine(_current, _weights);
        return new PromptRatings(
            _votes.Models, _current[.._layout.Models], tie, features, Array.ConvertAll(_weights, weight => (float)weight),
            [.. _current.AsSpan(_layout.TieWeights, _layout.Features).ToArray().Select(weight => (float)weight)]);
    }

    private (double Loss, Vector<double> Gradient) Evaluate(double[] parameters, PromptPenalties penalties, int threads)
    {
        _layout.Combine(parameters, _weights);
        var losses = new double[_partRest.Length];
        Parallel.For(0, losses.Length, new ParallelOptions { MaxDegreeOfParallelism = threads },
            part => losses[part] = AddPart(parameters, part, penalties));
        for (var part = 1; part < losses.Length; part++)
        {
            Add(_partRest[0], _partRest[part]);
            if (penalties.Models is not null)
                Add(_partWeights[0], _partWeights[part]);
        }

        var gradient = new double[_layout.Count];
        _partRest[0].CopyTo(gradient, 0);
        if (penalties.Models is not null)
            _layout.Distribute(_partWeights[0], gradient);
        var loss = losses.Sum();
        loss += Penalise(parameters, gradient, 0, _layout.Models, penalties.Strengths);
        loss += Penalise(parameters, gradient, _layout.TieWeights, _layout.Features, penalties.Ties ?? 0);
        loss += Penalise(parameters, gradient, _layout.Spread, _layout.Count - _layout.Spread, penalties.Models ?? 0);
        for (var i = 0; i < gradient.Length; i++)
            gradient[i] /= _total;
        return (loss / _total, Vector<double>.Build.Dense(gradient));
    }

    // d loss / d (A's strength - B's) = ((pA - qA) - (pB - qB)) / 2, d loss / d τ = pTie - qTie.
    private double AddPart(double[] parameters, int part, PromptPenalties penalties)
    {
        var (rest, byWeights, models, loss) = (_partRest[part], _partWeights[part], _layout.Models, 0.0);
        Array.Clear(rest);
        Array.Clear(byWeights);
        var (from, to) = ((int)((long)_votes.Count * part / _partRest.Length), (int)((long)_votes.Count * (part + 1) / _partRest.Length));
        for (var i = from; i < to; i++)
        {
            var (a, b, prompt, weight) = (_votes.ModelA[i], _votes.ModelB[i], _votes.Prompts[i], _votes.Weights[i]);
            var (difference, tie) = (parameters[a] - parameters[b], parameters[_layout.Tie]);
            for (var k = 0; k < prompt.Indices.Length; k++)
            {
                var (feature, value) = (prompt.Indices[k], prompt.Values[k]);
                difference += value * (_weights[(feature * models) + a] - _weights[(feature * models) + b]);
                tie += value * parameters[_layout.TieWeights + feature];
            }

            var predicted = PromptRatings.Davidson(difference, _hasTies ? tie : null);
            var target = _votes.Targets[i];
            loss += weight * LogLoss.Of(predicted, target);
            var bySide = weight * (predicted.A - target.A - (predicted.B - target.B)) / 2;
            var byTie = _hasTies ? weight * (predicted.Tie - target.Tie) : 0;
            rest[a] += bySide;
            rest[b] -= bySide;
            rest[_layout.Tie] += byTie;
            if (penalties.Ties is not null)
                prompt.AddTo(rest.AsSpan(_layout.TieWeights), byTie);
            for (var k = 0; penalties.Models is not null && k < prompt.Indices.Length; k++)
            {
                var (place, change) = (prompt.Indices[k] * models, bySide * prompt.Values[k]);
                byWeights[place + a] += change;
                byWeights[place + b] -= change;
            }
        }

        return loss;
    }

    private static double Penalise(double[] parameters, double[] gradient, int from, int count, double penalty)
    {
        var squares = 0.0;
        for (var i = from; penalty > 0 && i < from + count; i++)
        {
            squares += parameters[i] * parameters[i];
            gradient[i] += penalty * parameters[i];
        }

        return penalty / 2 * squares;
    }

    private static void Add(double[] target, double[] source)
    {
        for (var i = 0; i < target.Length; i++)
            target[i] += source[i];
    }
}
