using System.Text.Json;
using Tiebreak.App.Predicting;
using Tiebreak.App.Training;
using Tiebreak.Core;
using Tiebreak.Explorer.Judging;
using Tiebreak.Explorer.Rendering;
using Tiebreak.Reports.Documents;

namespace Tiebreak.Explorer.Pages;

/// <summary>Scoring runs and trainings, those that go on too: how far each is. What is shown is read from their folders anew.</summary>
/// <param name="runs">Folders of runs.</param>
/// <param name="trainings">Work folders of trainings.</param>
internal sealed class RunsPage(NamedPaths runs, NamedPaths trainings)
{
    private const string Heading = "Runs and trainings";

    /// <summary>Answers <c>/runs</c>.</summary>
    public PageContent Answer(HttpContext context)
    {
        if (runs.Names.Count + trainings.Names.Count == 0)
        {
            return DocumentPage.Saying(
                Heading,
                "This page follows scoring runs and trainings. Start the explorer with `run` FOLDER, that of a prediction's run, or "
                + "`training` FOLDER, the work folder of a training.");
        }

        Job[] jobs = [.. runs.Names.Select(name => Read(name, OfRun)), .. trainings.Names.Select(name => Read(name, OfTraining))];
        return new PageContent(Heading, () => Body(jobs))
        {
            Changes = jobs.Any(job => job.IsGoingOn),
            WriteJson = json => Write(json, jobs),
            Table = new TextTable(
                Heading, ["kind", "name", "done", "of", "state"],
                [.. jobs.Select(job => (string[])[job.Kind, job.Name, Invariant($"{job.Done}"), Invariant($"{job.Total}"), job.State])]),
        };
    }

    /// <summary>The address of a run's own page.</summary>
    public static string AddressOfRun(string name) => $"/runs/scoring?name={Uri.EscapeDataString(name)}";

    // A folder that was taken away, or is being written for the first time, does not take the others from the list.
    private static Job Read(string name, Func<string, Job> read)
    {
        try
        {
            return read(name);
        }
        catch (InputException exception)
        {
            return new Job("unreadable", name, "/runs", 0, 0, exception.Message, IsGoingOn: false);
        }
    }

    private Job OfRun(string name)
    {
        var status = ReadRunStatus.Of(runs[name]);
        var (done, total) = (status.Progress.Sum(pass => (long)pass.Done), status.Progress.Sum(pass => (long)pass.Total));
        var state = status switch
        {
            { Ended: true } => "ended",
            { IsWorkedOn: false } => "nobody works on it",
            { RowsPerSecond: { } speed, SecondsLeft: { } left } => Invariant($"{speed:N1} battles/s, {Left(left)} left"),
            _ => "begun",
        };
        return new Job("run", name, AddressOfRun(name), done, total, state, status.IsWorkedOn && !status.Ended);
    }

    private Job OfTraining(string name)
    {
        var status = ReadTrainingStatus.Of(trainings[name]);
        var (step, steps) = TrainingPage.Progress(status);
        var state = status switch
        {
            { Ended: true } => "ended",
            { Gone: true } => "nobody works on it",
            { HoursLeft: { } hours, Curves: [.., var curve] } => Invariant($"{curve.Run}, {Left(3600 * hours)} left of it"),
            _ => status.Last ?? "nothing has happened yet",
        };
        var alarms = status.Alarms.Count > 0 ? "; alarm" : "";
        return new Job(
            "training", name, TrainingPage.AddressOf(name), step, steps, state + alarms, !status.Ended && !status.Gone);
    }

    private static string Left(double seconds) => TimeSpan.FromSeconds(seconds) switch
    {
        { TotalHours: >= 1 } left => Invariant($"{left.TotalHours:N1} h"),
        { TotalMinutes: >= 1 } left => Invariant($"{left.TotalMinutes:N0} min"),
        var left => Invariant($"{left.TotalSeconds:N0} s"),
    };

    private static Html Body(Job[] jobs) => Html.Of($"""
        <div class="scroll" tabindex="0" role="region" aria-label="{Heading}"><table class="jobs">
        <thead><tr><th scope="col">Name</th><th scope="col" class="text">Progress</th><th scope="col" class="text">State</th>
        <th scope="col" class="text">Done</th><th scope="col" class="text">Kind</th></tr></thead>
        <tbody>
        {jobs.Select(Row)}</tbody></table></div>

        """);

    private static Html Row(Job job) => Html.Of($"""
        <tr><td><a href="{job.Address}">{job.Name}</a></td><td class="text">{Badges.Progress(job.Name, job.Done, job.Total)}</td>
        <td class="text">{job.State}</td>
        <td class="text">{(job.Total > 0 ? Invariant($"{job.Done:N0} of {job.Total:N0}") : "")}</td><td class="text">{job.Kind}</td></tr>

        """);

    private static void Write(Utf8JsonWriter json, Job[] jobs)
    {
        json.WriteStartObject();
        json.WriteStartArray("jobs");
        foreach (var job in jobs)
        {
            json.WriteStartObject();
            json.WriteString("kind", job.Kind);
            json.WriteString("name", job.Name);
            json.WriteNumber("done", job.Done);
            json.WriteNumber("total", job.Total);
            json.WriteString("state", job.State);
            json.WriteBoolean("going_on", job.IsGoingOn);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>A line of the list.</summary>
    /// <param name="Kind">Run or training.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Address">Its own page.</param>
    /// <param name="Done">Battles judged in all passes, or steps of the present run through the data.</param>
    /// <param name="Total">Of how many; 0 where that is not known.</param>
    /// <param name="State">What it is doing.</param>
    /// <param name="IsGoingOn">Whether somebody works on it.</param>
    private sealed record Job(string Kind, string Name, string Address, long Done, long Total, string State, bool IsGoingOn);
}
