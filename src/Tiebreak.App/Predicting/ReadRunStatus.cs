using System.Globalization;
using System.Text.Json.Serialization;
using Tiebreak.Reports.Documents;
using Tiebreak.Runs.Planning;
using Tiebreak.Runs.Status;

namespace Tiebreak.App.Predicting;

/// <summary>Says where a scoring run stands, from its folder alone.</summary>
public static class ReadRunStatus
{
    /// <summary>Reads.</summary>
    /// <param name="folder">Folder of the run.</param>
    /// <exception cref="Core.InputException">There is no run, or it is damaged.</exception>
    public static StatusDocument Of(string folder) => new(folder, RunStatus.Read(folder));
}

/// <summary>Where a run stands.</summary>
public sealed class StatusDocument : IDocument
{
    private const int FailuresShown = 20;

    private readonly string _folder;
    private readonly RunStatus _status;

    internal StatusDocument(string folder, RunStatus status) => (_folder, _status) = (folder, status);

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => $"Run in {Path.GetFileName(Path.TrimEndingDirectorySeparator(_folder))}";

    /// <summary>How far each pass is.</summary>
    public IReadOnlyList<PassStatus> Passes => _status.Passes;

    /// <summary>True if the run has ended, complete or for lack of time.</summary>
    public bool Ended => _status.HasEnded;

    /// <summary>Battles a second lately, all workers together; null before that is known.</summary>
    public double? RowsPerSecond => _status.RowsPerSecond;

    /// <summary>Seconds until everything is finished at that speed; null where it is not known.</summary>
    public double? SecondsLeft => _status.Left?.TotalSeconds;

    /// <summary>When the judges stop, finished or not, in ISO 8601; null without a budget.</summary>
    public string? Stop => _status.Stop?.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>Who works on what.</summary>
    public IEnumerable<WorkingProcess> Workers => _status.Workers.Select(worker => new WorkingProcess(
        worker.Shard, worker.Machine, worker.Process, worker.Taken.ToString("O", CultureInfo.InvariantCulture), worker.IsGone));

    /// <summary>Battles that broke the judge.</summary>
    public IEnumerable<BrokenBattle> Failed => BrokenBattle.Of(_status.Failed);

    /// <inheritdoc/>
    public IEnumerable<Section> Sections()
    {
        foreach (var pass in Passes)
        {
            yield return new Paragraph(
                Invariant($"{PassName(pass.Pass)}: {pass.Done:N0} of {pass.Total:N0} battles ({(double)pass.Done / pass.Total:P1})"));
        }

        var isJudged = Passes.All(pass => pass.Done == pass.Total);
        if (RowsPerSecond is { } speed && !Ended && !isJudged)
        {
            yield return new Paragraph(
                Invariant($"Lately {speed:N1} battles/s; everything would be finished in {_status.Left:d\\.hh\\:mm\\:ss}."));
        }
        if (_status.Stop is { } stop && !Ended)
            yield return new Paragraph(Invariant($"The judges stop at {stop.ToLocalTime():yyyy-MM-dd HH:mm:ss}, finished or not."));
        foreach (var worker in _status.Workers)
        {
            yield return new Paragraph(
                Invariant($"{worker.Shard}: process {worker.Process} on {worker.Machine}, since {worker.Taken.ToLocalTime():HH:mm:ss}") +
                (worker.IsGone ? ", which is dead" : ""));
        }

        foreach (var battle in Failed.Take(FailuresShown))
            yield return battle.ToSection();
        yield return new Paragraph((Ended, isJudged, _status.Workers.Any(worker => !worker.IsGone)) switch
        {
            (true, _, _) => "The run has ended.",
            (_, true, _) => "Everything is judged. If no prediction is running, resuming the run writes the submission.",
            (_, _, true) => "The run goes on.",
            _ => "Nobody works on the run; it can be resumed.",
        });
    }

    private static string PassName(RunPass pass) => pass switch
    {
        RunPass.Fallback => "Fallback judge",
        RunPass.First => "First order",
        _ => "Second order",
    };
}

/// <summary>A process that works on a run.</summary>
/// <param name="Shard">The shard that it works on.</param>
/// <param name="Machine">The machine.</param>
/// <param name="Process">The number of the process.</param>
/// <param name="Taken">Since when, in ISO 8601, by the clock of that machine.</param>
/// <param name="Gone">True if the process is known to be dead.</param>
public sealed record WorkingProcess(string Shard, string Machine, int Process, string Taken, bool Gone);
