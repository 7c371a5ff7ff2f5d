using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;
using Tiebreak.Cli.Output;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Json;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Cli.Verbs;

internal sealed class CompareVerb : Verb
{
    private const int ReasonsShown = 8;

    private readonly Option<string> _judge = new("--judge") { Description = "Folder of the judge's bundle.", Required = true };
    private readonly Option<string> _prompt = new("--prompt") { Description = "What the person asked.", Required = true };
    private readonly Option<string> _a = new("--a") { Description = "The first response.", Required = true };
    private readonly Option<string> _b = new("--b") { Description = "The second response.", Required = true };

    public CompareVerb(Surface surface)
        : base("compare", "Compare two responses to one prompt: probabilities in both orders, and why.", surface)
    {
        Add(_judge);
        Add(_prompt);
        Add(_a);
        Add(_b);
        AddJudgeOptions();
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        await using var bundle = await session.OpenJudgeAsync(parse.GetRequiredValue(_judge), cancellationToken);
        var battle = new Battle
        {
            Id = "compare",
            Turns = [new Turn(parse.GetRequiredValue(_prompt), parse.GetRequiredValue(_a), parse.GetRequiredValue(_b))],
        };
        var oneOrder = bundle.WithSwap(SwapPolicy.Never);
        var orders = (await oneOrder.JudgeAsync(new JudgeRequest { Battles = [battle], Orders = Orders.Both }, cancellationToken))[0];
        orders.Failure?.Throw();
        var (asGiven, exchanged) = (orders.First!.Value, orders.Second!.Value);
        var answer = (await bundle.Judge.JudgeAsync([battle], progress: null, cancellationToken))[0];
        var reasons = bundle.Judge.Traits.Explainer is { } explainer ? await explainer.ExplainAsync(battle, cancellationToken) : [];
        var strongest = reasons.Where(reason => Math.Abs(reason.TowardsA) >= 0.0005 || Math.Abs(reason.TowardsTie) >= 0.0005).Take(ReasonsShown).ToList();

        session.Show(Probabilities(answer, asGiven, exchanged));
        if (strongest.Count > 0)
            session.Show(Why(strongest));
        session.Emit(new JsonObject
        {
            ["preference"] = MetricJson.Of(answer),
            ["as_given"] = MetricJson.Of(asGiven),
            ["exchanged"] = MetricJson.Of(exchanged),
            ["reasons"] = new JsonArray([.. strongest.Select(reason => new JsonObject
            {
                ["name"] = reason.Name,
                ["value"] = reason.Value,
                ["towards_a"] = reason.TowardsA,
                ["towards_tie"] = reason.TowardsTie,
            })]),
        });
        return TiebreakCommand.Ok;
    }

    private static Table Probabilities(Preference answer, Preference asGiven, Preference exchanged)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("", "A is better", "B is better", "Tie");
        foreach (var (name, preference) in new[] { ("A shown first", asGiven), ("B shown first", exchanged), ("The judge's answer", answer) })
            table.AddRow(name, Format($"{preference.A:P1}"), Format($"{preference.B:P1}"), Format($"{preference.Tie:P1}"));
        return table;
    }

    private static Table Why(List<Reason> reasons)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Why", "Value", "Log odds of A against B", "Log odds of a tie");
        foreach (var reason in reasons)
        {
            table.AddRow(
                Markup.Escape(reason.Name), Format($"{reason.Value:0.###}"),
                Signed.Format(reason.TowardsA, 3), Signed.Format(reason.TowardsTie, 3));
        }

        return table;
    }

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
