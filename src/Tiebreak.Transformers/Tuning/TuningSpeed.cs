using System.Diagnostics;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Training;

namespace Tiebreak.Transformers.Tuning;

/// <summary>Tells of every step of a run: in the log of the training, and as progress.</summary>
/// <param name="job">Who is told.</param>
/// <param name="name">The run's name.</param>
/// <param name="first">Steps that were taken before.</param>
/// <param name="steps">All steps.</param>
internal sealed class TuningSpeed(TrainingJob job, string name, int first, int steps)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private int _taken;
    private long _tokens;

    /// <summary>Tells of a step.</summary>
    /// <param name="tokens">Tokens that it learned from.</param>
    /// <param name="learningRate">The learning rate of the backbone.</param>
    /// <param name="results">What it gave: losses, the length of the gradient.</param>
    public void Report(long tokens, double learningRate, params ReadOnlySpan<(string Name, double Value)> results)
    {
        _taken++;
        _tokens += tokens;
        var seconds = _clock.Elapsed.TotalSeconds;
        job.Log?.Report(TrainingEvent.Now(
            $"{name}: step",
            [
                ("step", first + _taken),
                ("steps", steps),
                .. results,
                ("learning_rate", learningRate),
                ("tokens_per_second", _tokens / seconds),
                ("hours_left", seconds / _taken * (steps - first - _taken) / 3600),
                ("memory_mb", Environment.WorkingSet / 1e6),
            ]));
        job.Progress?.Report(new JobProgress($"tuning {name}", first + _taken, steps));
    }
}
