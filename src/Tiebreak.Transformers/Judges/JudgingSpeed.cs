using System.Diagnostics;
using Tiebreak.Core.Training;

namespace Tiebreak.Transformers.Judges;

/// <summary>Logs once a minute, and at the end, how many battles the model has judged and how fast.</summary>
/// <param name="log">Receives the events; null for none.</param>
/// <param name="stage">What is being done.</param>
/// <param name="finished">Batches that need no computing, which say nothing about the speed; null for none.</param>
/// <param name="next">Receives the number of battles too.</param>
internal sealed class JudgingSpeed(
    IProgress<TrainingEvent>? log, string stage, FinishedBatches? finished, IProgress<int> next) : IProgress<int>
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _nextEvent = Interval;
    private int _battles;

    public void Report(int value)
    {
        _battles = value;
        next.Report(value);
        if (_clock.Elapsed < _nextEvent)
            return;
        _nextEvent = _clock.Elapsed + Interval;
        LogEvent(stage);
    }

    /// <summary>Logs that all battles are judged.</summary>
    /// <param name="loss">Their log loss as the model's outputs are read before anything is fitted.</param>
    public void Finish(double loss) => LogEvent($"{stage}: finished", ("loss", loss));

    private void LogEvent(string what, params ReadOnlySpan<(string Name, double Value)> more)
    {
        var taken = finished?.TakenBattles ?? 0;
        var seconds = _clock.Elapsed.TotalSeconds;
        log?.Report(TrainingEvent.Now(
            what,
            [
                ("battles", _battles), ("battles_from_before", taken), ("seconds", seconds),
                ("battles_per_second", (_battles - taken) / seconds), .. more,
            ]));
    }
}
