using System.Text.Json.Serialization;
using Tiebreak.Core.Battles;
using Tiebreak.Torch.Operators;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Judges.Readings;

/// <summary>
/// Outputs that are scores: one number for how far A is ahead, or one for each side. A tie model makes a preference of the scaled
/// difference; both likelihoods are concave in scale and threshold (Rao-Kupper), or in scale and logarithm of the weight (Davidson).
/// </summary>
internal sealed class ScoreReading : OutputReading
{
    // Beyond it, differences say nothing or everything.
    private const double LeastScale = 1e-4;

    private readonly TieKind _kind;
    private readonly bool _isReversed;
    private readonly double? _fixedScale;
    private readonly double? _fixedTie;
    private readonly TieModel _ties;

    /// <summary>Creates the reading.</summary>
    /// <param name="kind">The tie model.</param>
    /// <param name="fixedScale">The scale, where it is not fitted.</param>
    /// <param name="fixedTie">The tie parameter, where it is not fitted.</param>
    /// <param name="parameters">The parameters to read with; null: before anything is fitted.</param>
    /// <param name="isReversed">Whether B's score comes first.</param>
    public ScoreReading(TieKind kind, double? fixedScale, double? fixedTie, ReadingParameters? parameters = null, bool isReversed = false)
    {
        (_kind, _fixedScale, _fixedTie, _isReversed) = (kind, fixedScale, fixedTie, isReversed);
        _ties = TieModel.Create(kind, parameters?.TieParameter ?? fixedTie);
        Parameters = parameters ?? new ReadingParameters(fixedScale ?? 1, [0, 0, 0], _ties.Parameter);
    }

    public override ReadingParameters Parameters { get; }

    public override bool IsFixed => _fixedScale is not null && _fixedTie is not null;

    public override Preference Read(ReadOnlySpan<float> outputs) => _ties.Of(Parameters.Scale * Difference(outputs));

    public override Tensor LogProbabilities(Tensor outputs)
    {
        using var scope = NewDisposeScope();
        var difference = outputs.shape[1] == 1 ? outputs.select(1, 0) : outputs.select(1, 0) - outputs.select(1, 1); // [battles]
        return _ties.LogProbabilities(difference.Multiply(_isReversed ? -Parameters.Scale : Parameters.Scale)).MoveToOuterDisposeScope();
    }

    public override OutputReading Fit(IReadOnlyList<float[]> outputs, IReadOnlyList<Preference> targets)
    {
        if (IsFixed)
            return this;
        double[] differences = [.. outputs.Select(row => Difference(row))];

        // Scores of reward models have any unit: the search begins where differences are about one.
        var size = Math.Sqrt(differences.Average(d => d * d));
        var start = _fixedScale ?? 1 / Math.Max(size, 1e-6);
        var (scale, tie) = Minimise(differences, targets, start, isScaleFree: _fixedScale is null);
        if (scale < LeastScale * start)
            (scale, tie) = Minimise(differences, targets, LeastScale * start, isScaleFree: false);
        return new ScoreReading(_kind, _fixedScale, _fixedTie, new ReadingParameters(scale, [0, 0, 0], tie), _isReversed);
    }

    private (double Scale, double Tie) Minimise(double[] differences, IReadOnlyList<Preference> targets, double scale, bool isScaleFree)
    {
        var start = TieModel.Create(_kind, _fixedTie);
        var found = NewtonFit.Minimise(
            [scale, start.Coordinate],
            (point, gradient, hessian) =>
            {
                var ties = start.At(point[1]);
                var loss = 0.0;
                for (var i = 0; i < differences.Length; i++)
                    loss += ties.AddLoss(point[0], differences[i], targets[i], gradient, hessian);
                return loss;
            },
            [isScaleFree, _fixedTie is null],
            isAllowed: point => start.Allows(point[1]));
        return (found[0], start.At(found[1]).Parameter);
    }

    private double Difference(ReadOnlySpan<float> outputs)
    {
        var difference = outputs.Length == 1 ? outputs[0] : (double)outputs[0] - outputs[1];
        return _isReversed ? -difference : difference;
    }
}

/// <summary>The few numbers between a model's outputs and a preference.</summary>
/// <param name="Scale">What scores or logits are multiplied by.</param>
/// <param name="Bias">Added to the scores of A, B and tie after that; zeros where a tie model makes the preference.</param>
/// <param name="TieParameter">The parameter of the tie model; null where a tie is one of the outputs.</param>
internal sealed record ReadingParameters(double Scale, IReadOnlyList<double> Bias, double? TieParameter)
{
    public static ReadingParameters Plain { get; } = new(1, [0, 0, 0], null);

    /// <summary>The weights of a probe; null for other heads.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ProbeWeights? Probe { get; init; }
}
