using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Reports.Documents;
using Tiebreak.Runs;
using Tiebreak.Runs.Planning;
using Tiebreak.Runs.Results;
using Tiebreak.Runs.Status;

namespace Tiebreak.App.Predicting;

/// <summary>Says where a scoring run stands, from its folder alone.</summary>
public static class ReadRunStatus
{
    /// <summary>Reads.</summary>
    /// <param name="folder">Folder of the run.</param>
    /// <exception cref="InputException">There is no run, or it is damaged.</exception>
    public static StatusDocument Of(string folder) =>
        new(folder, ScoringRun.ReadManifest(folder), RunStatus.Read(folder), ReportOf(folder));

    /// <summary>The file with the preference of every battle, which is there once the run has ended.</summary>
    internal static string PreferencesOf(string folder) => Path.Combine(folder, RunReport.RowsFileName);

    // Resuming a run removes the report, also between two looks at it.
    private static RunReport? ReportOf(string folder)
    {
        var path = Path.Combine(folder, RunReport.FileName);
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), RunJson.Default.RunReport);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (JsonException exception)
        {
            throw new InputException($"{path} is damaged: {exception.Message} Resuming the run writes it anew.", exception);
        }
    }
}

/// <summary>Where a run stands.</summary>
public sealed class StatusDocument : IDocument
{
    private const int FailuresShown = 20;

    private readonly string _folder;
    private readonly RunManifest _manifest;
    private readonly RunStatus _status;
    private readonly RunReport? _report;

    internal StatusDocument(string folder, RunManifest manifest, RunStatus status, RunReport? report) =>
        (_folder, _manifest, _status, _report) = (folder, manifest, status, report);

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => $"Run in {Path.GetFileName(Path.TrimEndingDirectorySeparator(_folder))}";

    /// <summary>When the run was begun, in ISO 8601.</summary>
    public string Created => _manifest.Created.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>Where the data lay when it was begun.</summary>
    public string Data => _manifest.DataPath;

    /// <summary>Where the judge's bundle lay.</summary>
    public string Judge => _manifest.JudgePath;

    /// <summary>Where the bundle of the judge that stands in lay; null where the class shares do.</summary>
    public string? Fallback => _manifest.FallbackPath;

    /// <summary>Which battles are judged in the second order too.</summary>
    public SecondOrder SecondOrder => _manifest.SecondOrder;

    /// <summary>Battles by what their preferences were made of; null before the run has ended.</summary>
    public RunSources? Sources => _report is null
        ? null
        : new RunSources(_report.BothOrders, _report.OneOrder, _report.Fallback, _report.ClassShares);

    /// <summary>What the second order changed; null where no labels tell, or before the run has ended.</summary>
    public SwapGain? SwapGain => _report?.SwapGain;

    /// <summary>How far each pass is.</summary>
    public IReadOnlyList<PassStatus> Passes => _status.Passes;

    /// <summary>The same as a person reads it, in the order of the passes.</summary>
    [JsonIgnore]
    internal IEnumerable<(string Name, int Done, int Total)> Progress =>
        Passes.Select(pass => (PassName(pass.Pass), pass.Done, pass.Total));

    /// <summary>True if the run has ended, complete or for lack of time.</summary>
    public bool Ended => _status.HasEnded;

    /// <summary>True if a process works on it that is not known to have ended.</summary>
    public bool IsWorkedOn => Workers.Any(worker => !worker.Gone);

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
        foreach (var (name, done, total) in Progress)
            yield return new Paragraph(Invariant($"{name}: {done:N0} of {total:N0} battles ({(double)done / total:P1})"));

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
        yield return About();
        yield return new Paragraph((Ended, isJudged, _status.Workers.Any(worker => !worker.IsGone)) switch
        {
            (true, _, _) => "The run has ended.",
            (_, true, _) => "Everything is judged. If no prediction is running, resuming the run writes the submission.",
            (_, _, true) => "The run goes on.",
            _ => "Nobody works on the run; it can be resumed.",
        });
    }

    private TextTable About()
    {
        List<string[]> rows =
        [
            ["begun", Invariant($"{_manifest.Created.ToLocalTime():yyyy-MM-dd HH:mm:ss}")],
            ["data", Invariant($"{Data} ({_manifest.Rows:N0} battles)")], ["judge", Judge],
            ["stands in where the judge fails", Fallback ?? "the class shares"],
            ["second order", JsonNamingPolicy.SnakeCaseLower.ConvertName(SecondOrder.ToString())],
            .. _manifest.Versions.Select(version => new[] { version.Key, version.Value }),
        ];
        if (Sources is { } sources)
        {
            rows.Add(
            [
                "preferences", Invariant($"both orders {sources.BothOrders:N0}, one order {sources.OneOrder:N0}, ")
                    + Invariant($"fallback judge {sources.Fallback:N0}, class shares {sources.ClassShares:N0}"),
            ]);
        }

        if (SwapGain is { } gain)
        {
            rows.Add(
            [
                "log loss, one order, then both",
                Invariant($"{gain.OneOrder:F4}, {gain.BothOrders:F4} ({gain.Rows:N0} labelled battles)"),
            ]);
        }

        return new TextTable("What is judged", ["What", "Value"], rows) { On = Medium.Page, ProseColumns = new HashSet<int> { 1 } };
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

/// <summary>How many battles of a run got what.</summary>
/// <param name="BothOrders">The mean of both orders.</param>
/// <param name="OneOrder">What the judge said in one order.</param>
/// <param name="Fallback">What the judge that stands in said.</param>
/// <param name="ClassShares">The class shares.</param>
public sealed record RunSources(int BothOrders, int OneOrder, int Fallback, int ClassShares);
