using Tiebreak.App.Predicting;
using Tiebreak.Explorer.Judging;
using Tiebreak.Explorer.Rendering;
using Tiebreak.Reports.Documents;

namespace Tiebreak.Explorer.Pages;

/// <summary>A scoring run: what it judges, how far it is, and the way to what came out of it.</summary>
/// <param name="runs">Folders of runs.</param>
internal sealed class RunPage(NamedPaths runs)
{
    /// <summary>Answers <c>/runs/scoring?name=NAME</c>.</summary>
    public PageContent Answer(HttpContext context)
    {
        var name = context.Request.Query["name"].ToString();
        var status = ReadRunStatus.Of(runs[name]);
        return DocumentPage.Of($"Run: {name}", status, () => Above(name, status)) with
        {
            Changes = status.IsWorkedOn && !status.Ended,
            Table = new TextTable(
                "Passes", ["pass", "done", "total"],
                [.. status.Progress.Select(pass => (string[])[pass.Name, Invariant($"{pass.Done}"), Invariant($"{pass.Total}")])]),
        };
    }

    private Html Above(string name, StatusDocument status) => Html.Of($"""
        <p class="row"><a href="/runs">← runs and trainings</a>
        {(File.Exists(ReadRunStatus.PreferencesOf(runs[name])) ? Outcome(name) : default)}</p>
        {status.Progress.Select(pass => Html.Of($"<p>{Badges.Progress(pass.Name, pass.Done, pass.Total)}</p>\n"))}
        """);

    private static Html Outcome(string name)
    {
        var escaped = Uri.EscapeDataString(name);
        return Html.Of($"""
             <a href="/judge?judge={escaped}">how well it foretells the votes</a>
            <a href="/judges?judge={escaped}">beside another</a>
            <a href="/battles?judge={escaped}&amp;sort=-loss">battles by loss</a>
            """);
    }
}
