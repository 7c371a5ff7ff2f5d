using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Tiebreak.Boosting.Routing;
using Tiebreak.Cli.Output;
using Tiebreak.Core;
using Tiebreak.Core.Files;
using Tiebreak.Ratings.Routing;

namespace Tiebreak.Cli.Verbs.Route;

internal sealed class RouteChooseVerb : Verb
{
    private readonly Argument<string> _policy = new("policy") { Description = "Folder of the policy." };
    private readonly Option<string?> _prompt = new("--prompt") { Description = "One prompt." };
    private readonly Option<string?> _data = new("--data") { Description = "Or many: JSON lines with \"prompt\" and, if wanted, \"id\"." };
    private readonly Option<double?> _threshold = new("--threshold") { Description = "The probability to win or tie that is good enough. Default: the policy's." };
    private readonly Option<string?> _out = new("--out") { Description = "With --data: write the choices as CSV (id, model, probability, cost)." };

    public RouteChooseVerb(Surface surface)
        : base("choose", "Ask a policy which model shall answer a prompt, and why.", surface)
    {
        Add(_policy);
        foreach (var option in (Option[])[_prompt, _data, _threshold, _out])
            Add(option);
        Examples =
        [
            "route choose policy --prompt \"Write a haiku about rain.\" --threshold 0.45",
            "route choose policy --data prompts.jsonl --out choices.csv",
        ];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var (prompt, data, target) = (parse.GetValue(_prompt), parse.GetValue(_data), parse.GetValue(_out));
        if (prompt is null == data is null)
            throw new InputException("Give either one prompt (--prompt TEXT) or a file of them (--data FILE).");
        if (target is not null && data is null)
            throw new InputException("--out goes with --data FILE.");

        var policy = await RoutingPolicy.OpenAsync(parse.GetRequiredValue(_policy), new PromptRatingsFormat(), cancellationToken);
        session.Note(policy.Notice);
        if (prompt is not null)
            ShowOne(session, policy, policy.Choose(prompt, parse.GetValue(_threshold)));
        else
            ShowMany(session, policy, [.. PromptLines.Read(data!).Select(row => (row.Id, policy.Choose(row.Prompt, parse.GetValue(_threshold))))], target);
        return TiebreakCommand.Ok;
    }

    private static void ShowOne(Session session, RoutingPolicy policy, RoutingChoice choice)
    {
        var (unit, scale) = Unit(policy);
        session.Show(new TextTable(
            $"Against {policy.Manifest.Reference}", ["Model", "Wins or ties", unit, ""],
            [.. choice.Candidates.OrderBy(candidate => candidate.Cost).Select(candidate => new[]
            {
                candidate.Model, Figures.Percent(candidate.Probability), Figures.Amount(scale * candidate.Cost),
                string.Equals(candidate.Model, choice.Model, StringComparison.Ordinal) ? "chosen" : "",
            })]).ToTerminal());
        session.Say(choice.Reason);
        session.Emit(ToJson(choice));
    }

    private static void ShowMany(Session session, RoutingPolicy policy, IReadOnlyList<(string Id, RoutingChoice Choice)> choices, string? target)
    {
        if (choices.Count == 0)
            throw new InputException("The file holds no prompts.");

        if (target is not null)
        {
            var text = new StringBuilder("id,model,probability,cost\n");
            foreach (var (id, choice) in choices)
                text.Append(CultureInfo.InvariantCulture, $"{CsvText.Cell(id)},{CsvText.Cell(choice.Model)},{choice.Probability:R},{choice.Cost:R}\n");
            AtomicFile.Write(target, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
        }

        var (unit, scale) = Unit(policy);
        var (cost, reference) = (choices.Average(row => row.Choice.Cost), choices.Average(row => row.Choice.ReferenceCost));
        session.Show(new TextTable(
            $"{Figures.Count(choices.Count)} prompts", ["Model", "Prompts", "Share", "Mean probability"],
            [.. choices.GroupBy(row => row.Choice.Model, StringComparer.Ordinal).OrderByDescending(group => group.Count()).Select(group => new[]
            {
                group.Key, Figures.Count(group.Count()), Figures.Percent((double)group.Count() / choices.Count), Figures.Percent(group.Average(row => row.Choice.Probability)),
            })]).ToTerminal());
        session.Say(string.Create(CultureInfo.InvariantCulture, $"{unit}: {Figures.Amount(scale * cost)} instead of {Figures.Amount(scale * reference)} with {policy.Manifest.Reference} alone."));
        if (target is not null)
            session.Say($"Wrote {target}.");
        session.Emit(new JsonObject
        {
            ["choices"] = new JsonArray([.. choices.Select(row => With(row.Id, ToJson(row.Choice)))]),
            ["cost"] = cost,
            ["reference_cost"] = reference,
        });
    }

    private static (string Unit, double Scale) Unit(RoutingPolicy policy) =>
        policy.Manifest.Objective == RoutingObjective.Seconds ? ("Seconds", 1) : ("Cost of 1,000 such prompts", 1000);

    private static JsonObject With(string id, JsonObject choice)
    {
        choice.Insert(0, "id", id);
        return choice;
    }

    private static JsonObject ToJson(RoutingChoice choice) => new()
    {
        ["model"] = choice.Model,
        ["probability"] = choice.Probability,
        ["cost"] = choice.Cost,
        ["reference_cost"] = choice.ReferenceCost,
        ["reason"] = choice.Reason,
        ["candidates"] = new JsonArray([.. choice.Candidates.Select(candidate => new JsonObject
        {
            ["model"] = candidate.Model,
            ["probability"] = candidate.Probability,
            ["cost"] = candidate.Cost,
        })]),
    };
}
