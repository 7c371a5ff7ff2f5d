using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.App.Training;
using Tiebreak.Explorer.Judging;
using Tiebreak.Explorer.Rendering;
using Tiebreak.Reports.Documents;

namespace Tiebreak.Explorer.Pages;

/// <summary>A training: its curves until now, how far it is, what is wrong with it, and by which recipe it learns.</summary>
/// <param name="trainings">Work folders of trainings.</param>
internal sealed class TrainingPage(NamedPaths trainings)
{
    private const string Recipe = "recipe";

    /// <summary>The address of a training's page.</summary>
    public static string AddressOf(string name) => $"/runs/training?name={Uri.EscapeDataString(name)}";

    /// <summary>The steps of its present run through the data, and of how many; 0 where no weights learn step by step.</summary>
    public static (int Step, int Steps) Progress(TrainingStatusDocument status) => status.Curves is [.., { Points: [.., var last] }]
        ? (last.Step, (int)(status.StepsOfRun ?? 0))
        : (0, 0);

    /// <summary>Answers <c>/runs/training?name=NAME</c>.</summary>
    public PageContent Answer(HttpContext context)
    {
        var name = context.Request.Query["name"].ToString();
        var status = ReadTrainingStatus.Of(trainings[name]);
        var page = DocumentPage.Of($"Training: {name}", status, () => Above(status));
        return page with
        {
            Body = () => Html.Of($"{page.Body()}{DependsOn(status)}"),
            Changes = !status.Ended && !status.Gone,
            Table = new TextTable(
                "Curves", ["run", "step", "loss", "log_loss", "log_loss_on_new_battles", "learning_rate", "tokens_per_second"],
                [.. status.Curves.SelectMany(Rows)]),
        };
    }

    private static Html Above(TrainingStatusDocument status)
    {
        var (step, steps) = Progress(status);
        return Html.Of($"""
            <p class="row"><a href="/runs">← runs and trainings</a></p>
            {(steps > 0 ? Bar(status.Curves[^1].Run, step, steps) : default)}
            """);
    }

    private static Html Bar(string run, int step, int steps) =>
        Html.Of($"<p>{Badges.Progress(run, step, steps)} · {run}, step {step:N0} of {steps:N0}</p>\n");

    private static IEnumerable<string[]> Rows(TrainingCurve curve) =>
    [
        .. curve.Points.Select(point => (string[])
        [
            curve.Run, Invariant($"{point.Step}"), Invariant($"{point.Loss}"), Invariant($"{point.LogLoss}"), "",
            Invariant($"{point.LearningRate}"), Invariant($"{point.TokensPerSecond}"),
        ]),
        .. curve.Evaluations.Select(evaluated => (string[])
            [curve.Run, Invariant($"{evaluated.Step}"), "", "", Invariant($"{evaluated.LogLoss}"), "", ""]),
    ];

    private static Html DependsOn(TrainingStatusDocument status)
    {
        var recipe = status.DependsOn.TryGetValue(Recipe, out var text) ? Flat("", Parse(text)) : [];
        return Html.Of($"{Table("Recipe", recipe)}{Table("What else it depends on", status.DependsOn
            .Where(pair => pair.Key is not Recipe).Select(pair => (string[])[pair.Key, pair.Value]))}");
    }

    private static Html Table(string title, IEnumerable<string[]> rows) => rows.ToArray() is { Length: > 0 } all
        ? DocumentBody.Of(new TextTable(title, ["Key", "Value"], all) { ProseColumns = new HashSet<int> { 1 } })
        : default;

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text); // of another version
        }
    }

    private static IEnumerable<string[]> Flat(string key, JsonNode? node) => node is JsonObject { Count: > 0 } inner
        ? inner.SelectMany(pair => Flat(key.Length == 0 ? pair.Key : $"{key}.{pair.Key}", pair.Value))
        : [[key, node is JsonValue value && value.TryGetValue<string>(out var text) ? text : node?.ToJsonString() ?? "none"]];
}
