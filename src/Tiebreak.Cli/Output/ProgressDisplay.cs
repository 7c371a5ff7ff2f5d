using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Tiebreak.Core;
using Tiebreak.Core.Judging;

namespace Tiebreak.Cli.Output;

/// <summary>
/// Shows how far a job is: a bar with speed and remaining time on a terminal, a plain line per stage and every ten seconds elsewhere.
/// Everything goes to standard error.
/// </summary>
internal static class ProgressDisplay
{
    /// <summary>Runs a job that reports its progress.</summary>
    public static async Task<T> RunAsync<T>(Session session, Func<IProgress<JobProgress>, Task<T>> job)
    {
        var console = session.Surface.Error;
        if (!console.Profile.Capabilities.Interactive || !console.Profile.Capabilities.Ansi)
            return await job(new PlainProgress(console.Profile.Out.Writer));

        return await console.Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpeedColumn(), new RemainingTimeColumn())
            .StartAsync(context => job(new BarProgress(context)));
    }

    private sealed class BarProgress(ProgressContext context) : IProgress<JobProgress>
    {
        private readonly Lock _lock = new();
        private ProgressTask? _task;

        public void Report(JobProgress value)
        {
            lock (_lock)
            {
                if (!string.Equals(_task?.Description, value.Stage, StringComparison.Ordinal))
                {
                    _task?.StopTask();
                    _task = context.AddTask(value.Stage);
                }

                _task!.MaxValue = Math.Max(1, value.Total);
                _task.Value = value.Done;
            }
        }
    }

    private sealed class SpeedColumn : ProgressColumn
    {
        private static readonly TimeSpan FirstSpeed = TimeSpan.FromSeconds(1); // before, it says nothing

        public override Spectre.Console.Rendering.IRenderable Render(
            Spectre.Console.Rendering.RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Spectre.Console.Text(task.Speed is { } speed && task.ElapsedTime >= FirstSpeed
                ? Quantity.PerSecond(speed)
                : "");
    }

    private sealed class PlainProgress(TextWriter writer) : IProgress<JobProgress>
    {
        private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

        private readonly Lock _lock = new();
        private readonly Stopwatch _sinceLine = Stopwatch.StartNew();
        private readonly Stopwatch _sinceStage = new();
        private string? _stage;

        public void Report(JobProgress value)
        {
            lock (_lock)
            {
                if (!string.Equals(_stage, value.Stage, StringComparison.Ordinal))
                {
                    _stage = value.Stage;
                    _sinceStage.Restart();
                    _sinceLine.Restart();
                    writer.WriteLine(value.Stage);
                }
                else if (_sinceLine.Elapsed > Pause && value.Done > 0)
                {
                    _sinceLine.Restart();
                    var speed = value.Done / _sinceStage.Elapsed.TotalSeconds;
                    var left = TimeSpan.FromSeconds((value.Total - value.Done) / speed);
                    writer.WriteLine(string.Create(
                        CultureInfo.InvariantCulture, $"{value.Stage}: {value.Done:N0} of {value.Total:N0}, "
                            + $"{Quantity.PerSecond(speed)}, {left:h\\:mm\\:ss} left"));
                }
            }
        }
    }
}
