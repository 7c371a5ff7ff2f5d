using System.Runtime.Intrinsics;

namespace Tiebreak.Features.TermVectors;

/// <summary>
/// What <see cref="LaneMinimizer"/> knows of the curvature of its functions: the last steps of each lane and how the gradient changed with
/// them. Before the first, and for what the steps say nothing about, stands the square root of the curvature at the start: on words it
/// needs half the steps that no scale or the full curvature need, because frequent words occur together, so that their common curvature is
/// larger than that of each.
/// </summary>
internal sealed class LaneCurvature
{
    private const int Memory = 10;

    private readonly float[] _inverse; // of the curvature at the start, by parameter
    private readonly Vector256<float>[] _downhill;
    private readonly List<Pair> _pairs = []; // newest first
    private Vector256<float> _scale = Vector256<float>.One;

    /// <param name="atStart">
    /// The second derivative by each parameter at the start, about the same for all lanes. Parameters with 0, on which nothing depends,
    /// stay where they are.
    /// </param>
    public LaneCurvature(float[] atStart)
    {
        var most = atStart.Max(); // the first step is cautious
        _inverse = [.. atStart.Select(value => value > 0 ? 1 / MathF.Sqrt(value * most) : 0)];
        _downhill = new Vector256<float>[atStart.Length];
    }

    /// <summary>Learns from a step.</summary>
    /// <param name="from">Where it began.</param>
    /// <param name="gradientFrom">The gradient there.</param>
    /// <param name="to">Where it ended.</param>
    /// <param name="gradientTo">The gradient there.</param>
    /// <param name="lanes">The lanes that took it; the others learn nothing.</param>
    public void Learn(
        Vector256<float>[] from, Vector256<float>[] gradientFrom, Vector256<float>[] to,
        Vector256<float>[] gradientTo, Vector256<float> lanes)
    {
        var (steps, changes) = (new Vector256<float>[from.Length], new Vector256<float>[from.Length]);
        if (_pairs.Count == Memory)
        {
            (steps, changes) = (_pairs[^1].Steps, _pairs[^1].Changes);
            _pairs.RemoveAt(Memory - 1);
        }

        var squares = Vector256<float>.Zero;
        for (var k = 0; k < steps.Length; k++)
        {
            steps[k] = lanes & (to[k] - from[k]);
            changes[k] = lanes & (gradientTo[k] - gradientFrom[k]);
            squares = Vector256.MultiplyAddEstimate(changes[k] * changes[k], Vector256.Create(_inverse[k]), squares);
        }

        var products = LaneVectors.Dot(steps, changes);
        var curved = Vector256.GreaterThan(products, Vector256<float>.Zero); // elsewhere the change drowns in rounding
        _pairs.Insert(0, new Pair(steps, changes, curved & (Vector256<float>.One / products)));
        _scale = Vector256.ConditionalSelect(curved, products / squares, _scale);
    }

    /// <summary>The direction of Newton's step, as far as the curvature is known (Nocedal and Wright 2006, algorithm 7.4).</summary>
    /// <param name="gradient">The gradient.</param>
    /// <returns>A buffer that the next call overwrites.</returns>
    public ReadOnlySpan<Vector256<float>> Downhill(Vector256<float>[] gradient)
    {
        for (var k = 0; k < gradient.Length; k++)
            _downhill[k] = -gradient[k];
        Span<Vector256<float>> shares = stackalloc Vector256<float>[_pairs.Count];
        for (var i = 0; i < _pairs.Count; i++)
        {
            shares[i] = _pairs[i].InverseProducts * LaneVectors.Dot(_pairs[i].Steps, _downhill);
            LaneVectors.AddScaled(_downhill, -shares[i], _pairs[i].Changes);
        }

        for (var k = 0; k < _downhill.Length; k++)
            _downhill[k] *= _scale * _inverse[k];
        for (var i = _pairs.Count - 1; i >= 0; i--)
        {
            var share = _pairs[i].InverseProducts * LaneVectors.Dot(_pairs[i].Changes, _downhill);
            LaneVectors.AddScaled(_downhill, shares[i] - share, _pairs[i].Steps);
        }

        return _downhill;
    }

    /// <summary>One step.</summary>
    /// <param name="Steps">How far it went.</param>
    /// <param name="Changes">How the gradient changed.</param>
    /// <param name="InverseProducts">1 by the dot product of both; 0 for lanes that learned nothing.</param>
    private sealed record Pair(Vector256<float>[] Steps, Vector256<float>[] Changes, Vector256<float> InverseProducts);
}
