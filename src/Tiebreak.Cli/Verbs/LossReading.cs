using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Cli.Output;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Json;

namespace Tiebreak.Cli.Verbs;

/// <summary><c>evaluate --simulate</c>: what a log loss means, in verdicts foreseen and in confidence.</summary>
internal static class LossReading
{
    private static readonly double[] Ladder = [1.08, 1.06, 1.04, 1.02, 1.00, 0.98, 0.96, 0.94, 0.92, 0.90, 0.85, 0.80];

    public static int Run(Session session, IReadOnlyList<double> losses, Preference shares)
    {
        var asked = losses.Select(loss => DirichletJudge.WithLogLoss(loss, shares)).ToList();
        session.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"Calibrated judges on battles of which {shares.Tie:P1} are ties; always predicting the class shares has log loss "
                + $"{DirichletJudge.LossOfShares(shares):F4}."));
        session.Say("A calibrated judge foresees as many verdicts as it is sure of: its accuracy is its mean confidence.");
        session.Show(LadderTable(
            [.. losses.Concat(Ladder).Where(loss => loss < DirichletJudge.LossOfShares(shares) - 0.001)
                .Distinct().OrderDescending().Select(loss => DirichletJudge.WithLogLoss(loss, shares))],
            losses).ToTerminal());
        foreach (var judge in asked)
            session.Show(Confidence(judge).ToTerminal());
        session.Emit(new JsonObject
        {
            ["shares"] = MetricJson.Of(shares),
            ["log_loss_of_shares"] = DirichletJudge.LossOfShares(shares),
            ["judges"] = new JsonArray([.. asked.Select(ToJson)]),
        });
        return TiebreakCommand.Ok;
    }

    private static TextTable LadderTable(IReadOnlyList<DirichletJudge> judges, IReadOnlyList<double> asked) => new(
        "What a log loss means", ["Log loss", "Accuracy", "Brier score", "Surer than 50 %", "Surer than 70 %", "Surer than 90 %"],
        [.. judges.Select(judge => new[]
        {
            Figures.Loss(judge.LogLoss) + (asked.Any(loss => Math.Abs(loss - judge.LogLoss) < 1e-6) ? " <" : ""),
            Figures.Percent(judge.Accuracy), Figures.Loss(judge.Brier), Surer(judge, 0.5), Surer(judge, 0.7), Surer(judge, 0.9),
        })]);

    private static TextTable Confidence(DirichletJudge judge) => new(
        $"Confidence at log loss {Figures.Loss(judge.LogLoss)}", ["Confidence", "Battles", "Foreseen"],
        [.. judge.ByConfidence.Select(bin => new[]
        {
            string.Create(CultureInfo.InvariantCulture, $"{bin.From:P0} to {bin.To:P0}"), Figures.Percent(bin.Rows),
            Figures.Percent(bin.Accuracy),
        })]);

    private static string Surer(DirichletJudge judge, double confidence) =>
        Figures.Percent(judge.ByConfidence.Where(bin => bin.From >= confidence - 1e-9).Sum(bin => bin.Rows));

    private static JsonObject ToJson(DirichletJudge judge) => new()
    {
        ["log_loss"] = judge.LogLoss,
        ["accuracy"] = judge.Accuracy,
        ["mean_confidence"] = judge.Accuracy,
        ["brier"] = judge.Brier,
        ["concentration"] = judge.Concentration,
        ["by_confidence"] = new JsonArray([.. judge.ByConfidence.Select(bin => new JsonObject
        {
            ["from"] = bin.From,
            ["to"] = bin.To,
            ["rows"] = bin.Rows,
            ["accuracy"] = bin.Accuracy,
        })]),
    };
}
