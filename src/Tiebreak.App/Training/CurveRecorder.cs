using Tiebreak.Core.Training;

namespace Tiebreak.App.Training;

/// <summary>
/// Makes curves of the events of a training. Those that matter are called <c>RUN: step</c> and <c>RUN: evaluated</c>; of a step that was
/// taken again after a stop the last one counts.
/// </summary>
internal sealed class CurveRecorder : IProgress<TrainingEvent>
{
    private const string StepEnding = ": step";
    private const string EvaluatedEnding = ": evaluated";
    private const int MostPoints = 100;

    private readonly Lock _lock = new();
    private readonly OrderedDictionary<string, Run> _runs = new(StringComparer.Ordinal);

    /// <summary>
    /// The curves until now, in the order in which their runs began. A point stands for so many steps that a hundred are enough.
    /// </summary>
    public IReadOnlyList<TrainingCurve> Curves
    {
        get
        {
            lock (_lock)
                return [.. _runs.Select(run => CurveOf(run.Key, run.Value))];
        }
    }

    /// <inheritdoc/>
    public void Report(TrainingEvent value)
    {
        if (!value.Numbers.TryGetValue("step", out var step))
            return;
        lock (_lock)
        {
            if (value.What.EndsWith(StepEnding, StringComparison.Ordinal))
                RunOf(value.What[..^StepEnding.Length]).Steps[(int)step] = PointOf((int)step, value.Numbers);
            else if (value.What.EndsWith(EvaluatedEnding, StringComparison.Ordinal))
                RunOf(value.What[..^EvaluatedEnding.Length]).Evaluations[(int)step] = Number(value.Numbers, "log_loss");
        }
    }

    // A run that guesses masked words has no other loss.
    private static TrainingCurvePoint PointOf(int step, IReadOnlyDictionary<string, double> numbers) => new(
        step, Number(numbers, "loss"), numbers.GetValueOrDefault("log_loss", Number(numbers, "loss")), Number(numbers, "learning_rate"),
        Number(numbers, "tokens_per_second"));

    private static double Number(IReadOnlyDictionary<string, double> numbers, string name) => numbers.GetValueOrDefault(name, double.NaN);

    private static TrainingCurve CurveOf(string name, Run run)
    {
        var together = Math.Max(1, (run.Steps.Count + MostPoints - 1) / MostPoints);
        return new TrainingCurve(
            name,
            run.Steps.Count,
            [
                .. run.Steps.Values.Chunk(together).Select(steps => steps[^1] with
                {
                    Loss = steps.Average(point => point.Loss),
                    LogLoss = steps.Average(point => point.LogLoss),
                }),
            ],
            [.. run.Evaluations.Select(pair => new EvaluatedStep(pair.Key, pair.Value))]);
    }

    private Run RunOf(string name)
    {
        if (!_runs.TryGetValue(name, out var run))
            _runs.Add(name, run = new Run());
        return run;
    }

    private sealed class Run
    {
        public SortedDictionary<int, TrainingCurvePoint> Steps { get; } = [];

        public SortedDictionary<int, double> Evaluations { get; } = [];
    }
}
