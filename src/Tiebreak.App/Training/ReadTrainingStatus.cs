using System.Globalization;
using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Training;
using Tiebreak.Reports.Documents;
using Tiebreak.Runs.Leases;

namespace Tiebreak.App.Training;

/// <summary>Says where a training stands, from its work folder alone.</summary>
public static class ReadTrainingStatus
{
    /// <summary>Reads.</summary>
    /// <param name="folder">The work folder.</param>
    /// <exception cref="InputException">There is no work, or its log is damaged.</exception>
    public static TrainingStatusDocument Of(string folder)
    {
        if (!File.Exists(Path.Combine(folder, TrainingWork.ManifestName)))
        {
            throw new InputException(
                $"{folder} has no work of a training: there is no {TrainingWork.ManifestName} in it. Name the folder that the training was "
                + "given as `work`.")
            {
                Parameters = ["work"],
            };
        }

        var curves = new CurveRecorder();
        TrainingEvent? last = null;
        TrainingEvent? step = null;
        foreach (var happened in TrainingLog.Read(folder))
        {
            curves.Report(happened);
            last = happened;
            if (happened.Numbers.ContainsKey("hours_left"))
                step = happened;
        }

        return new TrainingStatusDocument(
            folder, TrainingWork.DependenciesOf(folder), curves.Curves, last, step, WorkProcess.Read(folder));
    }
}

/// <summary>Where a training stands.</summary>
public sealed class TrainingStatusDocument : IDocument
{
    private readonly string _folder;
    private readonly TrainingEvent? _last;
    private readonly TrainingEvent? _step;
    private readonly LeaseOwner? _owner;

    internal TrainingStatusDocument(
        string folder, IReadOnlyDictionary<string, string> dependsOn, IReadOnlyList<TrainingCurve> curves, TrainingEvent? last,
        TrainingEvent? step, LeaseOwner? owner) =>
        (_folder, DependsOn, Curves, _last, _step, _owner) = (folder, dependsOn, curves, last, step, owner);

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => $"Training in {Path.GetFileName(Path.TrimEndingDirectorySeparator(_folder))}";

    /// <summary>What the training depends on, by name: the recipe, as JSON, the data, the seed, versions.</summary>
    public IReadOnlyDictionary<string, string> DependsOn { get; }

    /// <summary>What looks wrong with its course until now, a sentence each; empty where nothing does.</summary>
    public IReadOnlyList<string> Alarms => CurveAlarms.Of(Curves);

    /// <summary>The course of each run until now.</summary>
    public IReadOnlyList<TrainingCurve> Curves { get; }

    /// <summary>What happened last; null before anything has.</summary>
    public string? Last => _last?.What;

    /// <summary>When that was, in ISO 8601.</summary>
    public string? LastTime => _last?.Time.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>Steps that the run takes which took the last one; null where no weights learn step by step.</summary>
    public double? StepsOfRun => Number("steps");

    /// <summary>Hours until the end of that run, at its speed until now.</summary>
    public double? HoursLeft => Number("hours_left");

    /// <summary>Memory of the process at its last step, in megabytes.</summary>
    public double? MemoryMb => Number("memory_mb");

    /// <summary>True if the result has been written.</summary>
    public bool Ended => Last is JudgeTraining.WrittenEvent;

    /// <summary>The number of the process that works on it, or did last; null where that is not known.</summary>
    public int? Process => _owner?.Process;

    /// <summary>True if that process is known to have ended.</summary>
    public bool Gone => _owner?.IsGone() is true;

    /// <inheritdoc/>
    public IEnumerable<Section> Sections()
    {
        foreach (var alarm in Alarms)
            yield return new Paragraph($"Alarm: {alarm}");
        foreach (var section in CurveSections.Of(Curves))
            yield return section;
        if (_last is null)
        {
            yield return new Paragraph("Nothing has happened yet.");
            yield break;
        }

        yield return new Paragraph(Invariant($"The last thing that happened, at {_last.Time.ToLocalTime():yyyy-MM-dd HH:mm:ss}: {Last}."));
        if (!Ended && Curves is [.., var curve] && StepsOfRun is { } steps)
        {
            yield return new Paragraph(
                Invariant($"Step {curve.Points[^1].Step:N0} of {steps:N0} ({curve.Run}), {MemoryMb:N0} MB of memory; ") +
                Invariant($"this run would end in {TimeSpan.FromHours(HoursLeft ?? 0):d\\.hh\\:mm\\:ss}."));
        }

        yield return new Paragraph((Ended, Gone, _owner) switch
        {
            (true, _, _) => "It has ended, and its result is written.",
            (_, true, _) => "Nobody works on it; it can be gone on with.",
            (_, _, null) => "It has not ended.",
            (_, _, { } owner) => Invariant($"Process {owner.Process} on {owner.Machine} works on it."),
        });
    }

    private double? Number(string name) => _step is not null && _step.Numbers.TryGetValue(name, out var value) ? value : null;
}
