namespace Tiebreak.App.Searching;

/// <summary>What became of a trial in a round.</summary>
/// <param name="Trial">The number of the trial, from 1.</param>
/// <param name="Divisor">One part in so many of the prompts was learned from.</param>
/// <param name="LogLosses">The log loss of each held-out battle, calibrated by the others; null where the training failed.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Failure">Why the training failed; null where it did not.</param>
internal sealed record TrialScore(int Trial, int Divisor, double[]? LogLosses, double Seconds, string? Failure)
{
    /// <summary>The mean; infinite where the training failed.</summary>
    public double LogLoss => LogLosses?.Average() ?? double.PositiveInfinity;
}
