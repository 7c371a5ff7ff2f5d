using System.Globalization;
using Tiebreak.Core.Metrics;
using Tiebreak.Features.Identification;
using Tiebreak.Reports.Documents;

namespace Tiebreak.Cli.Output.Identify;

/// <summary>Identification as tables.</summary>
internal static class IdentifyTables
{
    private const int PairsShown = 10;
    private const int FamiliesShown = 16;
    private const int ModelsShown = 30;

    public static void Show(Session session, string title, IdentificationResult result)
    {
        session.Show(Scores(title, result));
        session.Show(MostConfused(result));
        session.Show(Families(result));
    }

    public static TextTable Probabilities(
        WriterIdentifier identifier, Func<string, string> familyOf, double[] probabilities, IEnumerable<int> models) => new(
            "Who wrote this", ["Model", "Family", "Probability"],
            [.. models.Select(m => new[] { identifier.Models[m], familyOf(identifier.Models[m]), NumberText.Percent(probabilities[m]) })]);

    public static TextTable Evidence(string model, IReadOnlyList<WriterEvidence> evidence) => new(
        $"What speaks for or against {model}", ["What", "Kind", "Nats"],
        [.. evidence.Select(one => new[] { Shown(one.What, one.Kind is not "style"), one.Kind, NumberText.Signed(one.Nats, 3) })]);

    public static TextTable Tells(IReadOnlyList<ModelTells> tells, IdentificationResult result) => new(
        tells.Count <= ModelsShown
            ? "What gives models away"
            : $"What gives models away (the {ModelsShown} with the most responses; --json has all)",
        ["Model", "Responses", "Told", "Words", "Characters", "Style, in standard deviations"],
        [.. tells.OrderByDescending(model => model.Responses).ThenBy(model => model.Model, StringComparer.Ordinal)
            .Take(ModelsShown).Select(model => new[]
            {
                model.Model, NumberText.Count(model.Responses), NumberText.Percent(Told(result, model.Model)),
                string.Join(" ", model.Words.Take(2).Select(term => Shown(term.Term, isQuoted: true))),
                string.Join(" ", model.Characters.Take(1).Select(term => Shown(term.Term, isQuoted: true))),
                string.Join(", ", model.Style.Take(2).Select(feature => $"{feature.Feature} {NumberText.Signed(feature.Deviations, 1)}")),
            })]);

    private static TextTable Scores(string title, IdentificationResult result)
    {
        var rows = new List<string[]> { Row("all responses", result.All) };
        if (result.SelfIdentifying is { } leaks && result.Anonymous is { } anonymous)
            rows.AddRange([Row("  self-identifying", leaks), Row("  the others", anonymous)]);
        rows.Add(["the most frequent", "", NumberText.Percent(result.Majority), "", NumberText.Percent(result.MajorityTop5), "",
            NumberText.Percent(result.MajorityFamily), "", NumberText.Loss(result.ShareLogLoss)]);
        rows.Add([$"guessing among {result.Models.Count}", "", NumberText.Percent(result.Chance), "",
            NumberText.Percent(Math.Min(1, 5 * result.Chance)), "", NumberText.Percent(1.0 / result.Families.Count), "",
            NumberText.Loss(Math.Log(result.Models.Count))]);
        return new TextTable(title, ["", "Responses", "Top 1", "95 %", "Top 5", "95 %", "Family", "95 %", "Log loss"], rows);
    }

    private static string[] Row(string name, IdentificationScore score) =>
    [
        name, NumberText.Count(score.Responses), NumberText.Percent(score.Top1), Range(score.Top1Interval),
        NumberText.Percent(score.Top5), Range(score.Top5Interval),
        NumberText.Percent(score.Family), Range(score.FamilyInterval), NumberText.Loss(score.LogLoss),
    ];

    private static TextTable MostConfused(IdentificationResult result)
    {
        var pairs = from i in Enumerable.Range(0, result.Models.Count)
                    from j in Enumerable.Range(0, result.Models.Count)
                    where i != j && result.Confusion[i, j] > 0
                    orderby result.Confusion[i, j] descending, i, j
                    select new[]
                    {
                        result.Models[i],
                        result.Models[j],
                        NumberText.Count(result.Confusion[i, j]),
                        NumberText.Percent(Share(result.Confusion, i, j)),
                    };
        return new TextTable(
            "Most often taken for another", ["Writer", "Said", "Responses", "of the writer's"], [.. pairs.Take(PairsShown)]);
    }

    private static TextTable Families(IdentificationResult result)
    {
        int[] order = [.. Enumerable.Range(0, result.Families.Count)
            .OrderByDescending(i => Total(result.FamilyConfusion, i))
            .ThenBy(i => i)];
        return new TextTable(
            order.Length <= FamiliesShown ? "Families" : $"Families (the {FamiliesShown} largest of {order.Length})",
            ["Family", "Responses", "Told", "Most often taken for"],
            [.. order.Take(FamiliesShown).Select(i =>
            {
                var other = Enumerable.Range(0, order.Length).Where(j => j != i && result.FamilyConfusion[i, j] > 0)
                    .OrderByDescending(j => result.FamilyConfusion[i, j]).ThenBy(j => j).Cast<int?>().FirstOrDefault();
                return new[]
                {
                    result.Families[i], NumberText.Count(Total(result.FamilyConfusion, i)),
                    NumberText.Percent(Share(result.FamilyConfusion, i, i)),
                    other is { } j ? $"{result.Families[j]} ({NumberText.Percent(Share(result.FamilyConfusion, i, j))})" : "",
                };
            })]);
    }

    private static double Told(IdentificationResult result, string model)
    {
        for (var i = 0; i < result.Models.Count; i++)
        {
            if (string.Equals(result.Models[i], model, StringComparison.Ordinal))
                return Share(result.Confusion, i, i);
        }

        return double.NaN;
    }

    private static int Total(int[,] counts, int row) => Enumerable.Range(0, counts.GetLength(1)).Sum(column => counts[row, column]);

    private static double Share(int[,] counts, int row, int column) => (double)counts[row, column] / Total(counts, row);

    private static string Shown(string text, bool isQuoted) => isQuoted ? $"\"{text}\"" : text;

    private static string Range(Interval interval) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * interval.Lower:F0} to {100 * interval.Upper:F0}");
}
