using System.Runtime.Intrinsics;
using Tiebreak.Core;

namespace Tiebreak.Features.TermVectors;

/// <summary>
/// Minimises the losses of eight models side by side by L-BFGS (Nocedal and Wright 2006, chapter 7). One evaluation serves all, but each
/// model, a lane of the vectors, has directions, step lengths and an end of its own: nothing of one reaches another.
/// </summary>
/// <param name="loss">The losses.</param>
/// <param name="curvature">
/// Their second derivative by each parameter at the start, as far as it is to set the scale; see <see cref="LaneCurvature"/>.
/// </param>
internal sealed class LaneMinimizer(PairLinearLoss loss, float[] curvature)
{
    private const float Sufficient = 1e-4f; // this share of the decrease that the slope promises must come (Armijo)
    private const double Noise = 1e-7; // a loss from float32 weights is not known better

    private readonly LaneCurvature _curvature = new(curvature);
    private readonly Vector256<float>[] _direction = new Vector256<float>[loss.Parameters];

    /// <summary>Finds the minima.</summary>
    /// <param name="tolerance">A model is done when a step promises to decrease its loss by less.</param>
    /// <param name="maxSteps">Most evaluations of the losses.</param>
    /// <param name="progress">Told the number of each step; null for nobody.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>The parameters of each model.</returns>
    /// <exception cref="TiebreakException">A loss is not at its minimum after so many steps, or is no number.</exception>
    public Vector256<float>[] Minimise(
        double tolerance, int maxSteps, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var (point, gradient) = (new Vector256<float>[loss.Parameters], new Vector256<float>[loss.Parameters]);
        var (trial, trialGradient) = (new Vector256<float>[loss.Parameters], new Vector256<float>[loss.Parameters]);
        var losses = loss.Evaluate(point, gradient);
        var lengths = Vector256<float>.One;
        var slopes = Turn(gradient, Vector256<float>.AllBitsSet);
        for (var step = 1; Running(slopes, tolerance) is var running && running.AsInt32() != Vector256<int>.Zero; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (step > maxSteps)
            {
                throw new TiebreakException(
                    $"A linear model did not converge within {maxSteps} steps. Raise the group's l2 or max_steps in the recipe.")
                {
                    Code = ErrorCodes.NotConverged,
                };
            }

            progress?.Report(step);
            lengths &= running;
            for (var k = 0; k < trial.Length; k++)
                trial[k] = Vector256.MultiplyAddEstimate(lengths, _direction[k], point[k]);
            var trialLosses = loss.Evaluate(trial, trialGradient);
            var accepted = running & Accept(losses, trialLosses, lengths * slopes);

            // Where a step was too long, the next try goes to where the slope would be 0 if it changed evenly.
            var slopesAhead = LaneVectors.Dot(trialGradient, _direction);
            var shorter = Vector256.Clamp(slopes / (slopes - slopesAhead), Vector256.Create(0.05f), Vector256.Create(0.7f));
            lengths = Vector256.ConditionalSelect(accepted, Vector256<float>.One, lengths * shorter);
            _curvature.Learn(point, gradient, trial, trialGradient, accepted);
            for (var k = 0; k < point.Length; k++)
            {
                point[k] = Vector256.ConditionalSelect(accepted, trial[k], point[k]);
                gradient[k] = Vector256.ConditionalSelect(accepted, trialGradient[k], gradient[k]);
            }

            slopes = Turn(gradient, accepted);
        }

        return point;
    }

    /// <summary>
    /// Lanes that are not done. Half the slope is what a full step promises; one that is no number keeps running until the steps are used
    /// up.
    /// </summary>
    private static Vector256<float> Running(Vector256<float> slopes, double tolerance) =>
        ~Vector256.GreaterThanOrEqual(slopes, Vector256.Create((float)(-2 * tolerance)));

    /// <summary>Takes over the losses of lanes that have become small enough, and says which these are.</summary>
    private static Vector256<float> Accept(double[] losses, double[] trialLosses, Vector256<float> promised)
    {
        var accepted = Vector256<int>.Zero;
        for (var lane = 0; lane < losses.Length; lane++)
        {
            if (trialLosses[lane] <= losses[lane] + (Sufficient * promised[lane]) + (Noise * losses[lane]))
            {
                losses[lane] = trialLosses[lane];
                accepted = accepted.WithElement(lane, -1);
            }
        }

        return accepted.AsSingle();
    }

    /// <summary>Gives some lanes a new direction.</summary>
    /// <returns>The slope of every lane in its direction.</returns>
    private Vector256<float> Turn(Vector256<float>[] gradient, Vector256<float> lanes)
    {
        var downhill = _curvature.Downhill(gradient);
        for (var k = 0; k < _direction.Length; k++)
            _direction[k] = Vector256.ConditionalSelect(lanes, downhill[k], _direction[k]);
        return LaneVectors.Dot(gradient, _direction);
    }
}
