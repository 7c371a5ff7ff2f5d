using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Numerics;

namespace Tiebreak.Core.Ensembles;

/// <summary>The total log loss of blended preferences as a function of the weights of the members.</summary>
internal sealed class BlendLoss
{
    private const int Outcomes = 3;

    private readonly Pooling _pooling;
    private readonly int _members;
    private readonly double[] _values; // [battles, outcomes, members]: probabilities, or their logarithms
    private readonly LabelledBattles _labelled;

    /// <param name="pooling">How to pool.</param>
    /// <param name="members">For each member one preference per battle.</param>
    /// <param name="labelled">The battles.</param>
    public BlendLoss(Pooling pooling, IReadOnlyList<IReadOnlyList<Preference>> members, LabelledBattles labelled)
    {
        (_pooling, _members, _labelled) = (pooling, members.Count, labelled);
        _values = new double[labelled.Count * Outcomes * _members];
        for (var member = 0; member < _members; member++)
        {
            for (var i = 0; i < labelled.Count; i++)
            {
                for (var outcome = 0; outcome < Outcomes; outcome++)
                {
                    var said = members[member][i][(Outcome)outcome];
                    _values[(((i * Outcomes) + outcome) * _members) + member] =
                        pooling == Pooling.Linear ? said : PoolingExtensions.LogOf(said);
                }
            }
        }
    }

    /// <summary>The weights with the lowest loss, drawn towards others.</summary>
    /// <param name="rows">The battles to fit to; null for all.</param>
    /// <param name="centre">The weights that are expected.</param>
    /// <param name="precision">How firmly: half of it times the squared distance is added to the loss.</param>
    public double[] Lowest(int[]? rows, double[] centre, double precision)
    {
        int[] used = rows ?? [.. Enumerable.Range(0, _labelled.Count)];
        return SimplexNewton.Minimise(_members, (at, gradient, hessian) =>
        {
            var loss = Ridge.Add(at, centre, precision, gradient, hessian);
            foreach (var i in used)
                loss += AddRow(i, at, gradient, hessian);
            return loss;
        });
    }

    private double AddRow(int i, double[] at, double[] gradient, SquareMatrix hessian)
    {
        var (target, weight) = (_labelled.Targets[i], _labelled.Weights[i]);
        var row = _values.AsSpan(i * Outcomes * _members, Outcomes * _members);
        ReadOnlySpan<double> ofA = row[.._members], ofB = row[_members..(2 * _members)], ofTie = row[(2 * _members)..];
        var (a, b, tie) = (SquareMatrix.Dot(ofA, at), SquareMatrix.Dot(ofB, at), SquareMatrix.Dot(ofTie, at));
        return weight * (_pooling == Pooling.Linear
            ? AddTerm(target.A, a, ofA) + AddTerm(target.B, b, ofB) + AddTerm(target.Tie, tie, ofTie)
            : AddLog(Preference.FromScores(a, b, tie), ofA, ofB, ofTie));

        // -t ln p with p the weighted mean of the members' probabilities.
        double AddTerm(double share, double pooled, ReadOnlySpan<double> said)
        {
            if (share == 0)
                return 0;
            var p = Math.Max(pooled, LogLoss.Epsilon);
            for (var j = 0; j < said.Length; j++)
            {
                gradient[j] -= weight * share * said[j] / p;
                for (var k = 0; k <= j; k++)
                    hessian[j, k] += weight * share * said[j] * said[k] / (p * p);
            }

            return -share * Math.Log(p);
        }

        // The loss of softmax scores: its Hessian is the covariance of the members' logarithms under what is said.
        double AddLog(Preference p, ReadOnlySpan<double> logA, ReadOnlySpan<double> logB, ReadOnlySpan<double> logTie)
        {
            for (var j = 0; j < logA.Length; j++)
            {
                var mean = (p.A * logA[j]) + (p.B * logB[j]) + (p.Tie * logTie[j]);
                gradient[j] += weight * (mean - (target.A * logA[j]) - (target.B * logB[j]) - (target.Tie * logTie[j]));
                for (var k = 0; k <= j; k++)
                {
                    var other = (p.A * logA[k]) + (p.B * logB[k]) + (p.Tie * logTie[k]);
                    hessian[j, k] += weight * ((p.A * logA[j] * logA[k]) + (p.B * logB[j] * logB[k]) + (p.Tie * logTie[j] * logTie[k])
                        - (mean * other));
                }
            }

            return LogLoss.Of(p, target);
        }
    }
}
