using System.Numerics.Tensors;

namespace Tiebreak.Features.LightGbm;

/// <summary>The loss of <see cref="SoftmaxObjective"/>.</summary>
internal sealed class SoftmaxLoss : IBoostingLoss
{
    public const int Outcomes = 3;

    private readonly double[] _weights;
    private readonly double _total;
    private readonly double[] _targets; // times the weights, class-major
    private readonly double[] _chances; // class-major
    private readonly double[] _largest;
    private readonly double[] _sums;
    private readonly double[] _changes;

    public SoftmaxLoss(LabelledRows rows)
    {
        var count = rows.Targets.Count;
        (_weights, _total) = ([.. rows.Weights], rows.Weights.Sum());
        (_targets, _chances) = (new double[Outcomes * count], new double[Outcomes * count]);
        (_largest, _sums, _changes) = (new double[count], new double[count], new double[count]);
        for (var i = 0; i < count; i++)
        {
            var (target, weight) = (rows.Targets[i], _weights[i]);
            (_targets[i], _targets[count + i], _targets[(2 * count) + i]) = (weight * target.A, weight * target.B, weight * target.Tie);
        }
    }

    /// <inheritdoc/>
    public void Differentiate(ReadOnlySpan<double> scores, Span<float> gradient, Span<float> hessian)
    {
        // g = w (p - q); LightGBM scales the diagonal hessian w p (1 - p) by K / (K - 1), as its own objective does.
        const double factor = Outcomes / (Outcomes - 1.0);
        Exponentiate(scores);
        for (var outcome = 0; outcome < Outcomes; outcome++)
        {
            var chances = Of(_chances, outcome);
            TensorPrimitives.Divide(chances, _sums, chances);
            TensorPrimitives.Multiply(chances, _weights, _changes);
            TensorPrimitives.Subtract(_changes, Of(_targets, outcome), _largest);
            TensorPrimitives.ConvertTruncating<double, float>(_largest, Of(gradient, outcome));
            TensorPrimitives.Subtract(1.0, chances, chances);
            TensorPrimitives.Multiply(_changes, chances, _changes);
            TensorPrimitives.Multiply(_changes, factor, _changes);
            TensorPrimitives.ConvertTruncating<double, float>(_changes, Of(hessian, outcome));
        }
    }

    /// <inheritdoc/>
    public double Mean(ReadOnlySpan<double> scores)
    {
        // -q ln p = ln(sum of e^s) - q s for targets that sum to 1.
        Exponentiate(scores);
        TensorPrimitives.Log(_sums, _sums);
        TensorPrimitives.Add(_sums, _largest, _sums);
        return (TensorPrimitives.Dot(_weights, _sums) - TensorPrimitives.Dot(_targets, scores)) / _total;
    }

    /// <summary>Works out e^(s - largest s) of every outcome, and their sums.</summary>
    private void Exponentiate(ReadOnlySpan<double> scores)
    {
        TensorPrimitives.Max(Of(scores, 0), Of(scores, 1), _largest);
        TensorPrimitives.Max(_largest, Of(scores, 2), _largest);
        Array.Clear(_sums);
        for (var outcome = 0; outcome < Outcomes; outcome++)
        {
            var chances = Of(_chances, outcome);
            TensorPrimitives.Subtract(Of(scores, outcome), _largest, chances);
            TensorPrimitives.Exp(chances, chances);
            TensorPrimitives.Add(_sums, chances, _sums);
        }
    }

    private ReadOnlySpan<double> Of(ReadOnlySpan<double> values, int outcome) => values.Slice(outcome * _weights.Length, _weights.Length);

    private Span<T> Of<T>(Span<T> values, int outcome) => values.Slice(outcome * _weights.Length, _weights.Length);

    private Span<double> Of(double[] values, int outcome) => Of(values.AsSpan(), outcome);
}

/// <summary>Cross-entropy of a softmax over the scores of A, B and tie.</summary>
internal sealed class SoftmaxObjective : IBoostingObjective
{
    /// <inheritdoc/>
    public int Scores => SoftmaxLoss.Outcomes;

    /// <inheritdoc/>
    public IBoostingLoss Of(LabelledRows rows) => new SoftmaxLoss(rows);
}
