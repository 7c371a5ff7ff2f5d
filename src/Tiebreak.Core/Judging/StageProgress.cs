namespace Tiebreak.Core.Judging;

/// <summary>Passes a plain count on as the progress of one stage of a job.</summary>
/// <param name="job">Who is told; null for nobody.</param>
/// <param name="stage">The stage, as a person would say it.</param>
/// <param name="total">Units of the stage.</param>
/// <param name="before">Units that were done before the counting begins.</param>
internal sealed class StageProgress(IProgress<JobProgress>? job, string stage, long total, long before = 0)
    : IProgress<int>, IProgress<long>
{
    /// <inheritdoc/>
    public void Report(int value) => Report((long)value);

    /// <inheritdoc/>
    public void Report(long value) => job?.Report(new JobProgress(stage, before + value, total));
}
