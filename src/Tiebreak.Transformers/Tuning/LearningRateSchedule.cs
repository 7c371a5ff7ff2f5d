namespace Tiebreak.Transformers.Tuning;

/// <summary>How the learning rates of a training rise and fall.</summary>
/// <param name="schedule">How they fall.</param>
/// <param name="warmup">Steps in which they rise: below 1 a share of all steps, from 1 on their number.</param>
/// <param name="steps">All steps.</param>
internal sealed class LearningRateSchedule(ScheduleKind schedule, double warmup, int steps)
{
    private readonly int _warmup = (int)Math.Min(steps, warmup < 1 ? Math.Round(warmup * steps) : warmup);

    /// <summary>The factor of all learning rates, from 0 (excluded) to 1.</summary>
    /// <param name="step">The step, from 0.</param>
    public double At(int step)
    {
        if (step < _warmup)
            return (step + 1.0) / _warmup;
        var past = (double)(step - _warmup) / (steps - _warmup); // 0 to below 1
        return schedule switch
        {
            ScheduleKind.Cosine => 0.5 * (1 + Math.Cos(Math.PI * past)),
            ScheduleKind.Linear => 1 - past,
            _ => 1,
        };
    }
}

/// <summary>How learning rates fall after warm-up.</summary>
internal enum ScheduleKind
{
    /// <summary>Along half a cosine to 0.</summary>
    Cosine,

    /// <summary>Straight to 0.</summary>
    Linear,

    /// <summary>Not at all.</summary>
    Constant,
}
