namespace Tiebreak.App.Training;

/// <summary>
/// Looks for trainings that go wrong while they still run, by their curves alone. A healthy training raises no alarm; what a training that
/// has ended has to say of itself is in its judge's bundle.
/// </summary>
internal static class CurveAlarms
{
    private const int FewestPoints = 20;
    private const int Part = 4; // of the points that are compared: a quarter
    private const double BeyondChance = 3; // standard errors: batches differ, and a healthy training may not have begun to learn
    private const int LaterEvaluations = 2;
    private const double Worse = 0.01; // nats

    /// <summary>The alarms of all runs, a sentence each.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<TrainingCurve> curves) =>
        [.. curves.SelectMany(curve => new[] { OfNumbers(curve), OfLoss(curve), OfEvaluations(curve) }).OfType<string>()];

    private static string? OfNumbers(TrainingCurve curve) =>
        curve.Points.FirstOrDefault(point => !double.IsFinite(point.Loss)) is { } broken
            ? Invariant($"{curve.Run}: the loss is no finite number at step {broken.Step:N0}; the training has diverged. ")
                + "A lower learning rate or clipping of gradients mends that."
            : null;

    private static string? OfLoss(TrainingCurve curve)
    {
        if (curve.Points.Count < FewestPoints)
            return null;
        var part = curve.Points.Count / Part;
        var (first, last) = (Mean(curve.Points.Take(part)), Mean(curve.Points.TakeLast(part)));
        return last.Loss - first.Loss > BeyondChance * Math.Sqrt(first.Variance + last.Variance)
            ? Invariant($"{curve.Run}: the loss rises: {first.Loss:F4} in the first quarter of the steps, {last.Loss:F4} in the last.")
            : null;
    }

    private static (double Loss, double Variance) Mean(IEnumerable<TrainingCurvePoint> points)
    {
        double[] losses = [.. points.Select(point => point.Loss)];
        var mean = losses.Average();
        return (mean, losses.Sum(loss => (loss - mean) * (loss - mean)) / (losses.Length - 1) / losses.Length);
    }

    private static string? OfEvaluations(TrainingCurve curve)
    {
        EvaluatedStep[] measured = [.. curve.Evaluations.Where(evaluated => double.IsFinite(evaluated.LogLoss))];
        if (measured.Length == 0)
            return null;
        var (lowest, last) = (measured.MinBy(evaluated => evaluated.LogLoss)!, measured[^1]);
        return measured.Count(evaluated => evaluated.Step > lowest.Step) < LaterEvaluations || last.LogLoss < lowest.LogLoss + Worse
            ? null
            : Invariant($"{curve.Run}: the loss on new battles rises: {lowest.LogLoss:F4} after {lowest.Step:N0} steps, ")
                + Invariant($"{last.LogLoss:F4} after {last.Step:N0}. It learns its battles by heart.");
    }
}
