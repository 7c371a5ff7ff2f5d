using Tiebreak.Data.Auditing;
using Tiebreak.Reports.Documents;
using Tiebreak.Reports.Pages;
using Tiebreak.Reports.Plots;

namespace Tiebreak.Cli.Output;

/// <summary>An audit as one HTML file.</summary>
internal static class AuditPage
{
    public static string Create(Audit audit)
    {
        var page = new HtmlPage("Audit of battles");
        page.Text($"{audit.Rows:N0} battles about {audit.Prompts:N0} different opening prompts, in {audit.Files.Count} {(audit.Files.Count == 1 ? "file" : "files")}{(audit.Files.Any(file => file.IsTest) ? "; all counts include the test files" : "")}.");
        Add(page, AuditTables.Files(audit));

        page.Section("Findings").Plot(new BarChart(
            "Battles with each finding",
            [.. audit.Findings.Where(finding => finding.Count > 0).OrderByDescending(finding => finding.Count)
                .Select(finding => (finding.Name, (double)finding.Count, $"{finding.Count:N0} ({(double)finding.Count / audit.Rows:P1})"))]));
        page.Table(new HtmlTable(
            ["Finding", "Battles", "Share", "What it means", "Examples (ids)"],
            [.. audit.Findings.Select(finding => new[] { finding.Name, $"{finding.Count:N0}", $"{(double)finding.Count / audit.Rows:P1}", finding.Meaning, string.Join(", ", finding.Examples) })])
        {
            ProseColumns = new HashSet<int> { 3, 4 },
        });

        Add(page, AuditTables.Verdicts(audit));
        Add(page, AuditTables.Effects(audit));
        if (audit.LengthCurve.Count > 0)
        {
            page.Text("How battles end by the difference in length. Zero: both sides equally long; 0.69: A twice as long as B.");
            page.Plot(new LineChart(
                "Outcome by difference in length", "ln(length of A / length of B)", "share of battles",
                [
                    Curve(audit, "A wins", bin => bin.Shares.A),
                    Curve(audit, "B wins", bin => bin.Shares.B),
                    Curve(audit, "tie", bin => bin.Shares.Tie),
                ]));
        }

        page.Section(AuditTables.Lengths(audit).Title).Text($"Tokens are {audit.TokensAre}.").Table(new HtmlTable(AuditTables.Lengths(audit).Columns, AuditTables.Lengths(audit).Rows));
        Add(page, AuditTables.Turns(audit));
        Add(page, AuditTables.Languages(audit));
        Add(page, AuditTables.Sources(audit));
        if (audit.Models.Count > 0)
            AddModels(page, audit);
        return page.ToHtml();
    }

    private static void AddModels(HtmlPage page, Audit audit)
    {
        Add(page, AuditTables.Models(audit));
        var pairs = audit.Pairs;
        if (pairs.Models.Count < 2)
            return;

        page.Section("How often each model met each other").Text("The models with most battles; empty where two never met.");
        page.Plot(new HeatMap("Battles", pairs.Models, WithoutZeros(pairs.Battles), 0, Max(pairs.Battles), "0"));
        page.Section("How often the row beat the column").Text("In percent of their battles that somebody won; empty where nobody did.");
        page.Plot(new HeatMap("Win fraction in percent", pairs.Models, InPercent(pairs.WinFraction), 0, 100, "0"));
    }

    private static Series Curve(Audit audit, string name, Func<LengthBin, double> share) => new(
        name,
        [.. audit.LengthCurve.Select(bin =>
        {
            var (p, error) = (share(bin), 1.96 * Math.Sqrt(share(bin) * (1 - share(bin)) / bin.Battles));
            return new SeriesPoint(bin.LogRatio, p, Math.Max(0, p - error), Math.Min(1, p + error));
        })]);

    private static void Add(HtmlPage page, TextTable table) => page.Section(table.Title).Table(new HtmlTable(table.Columns, table.Rows));

    private static double[,] InPercent(double[,] fractions) => Changed(fractions, fraction => 100 * fraction);

    private static double[,] WithoutZeros(double[,] counts) => Changed(counts, count => count == 0 ? double.NaN : count);

    private static double[,] Changed(double[,] cells, Func<double, double> change)
    {
        var changed = new double[cells.GetLength(0), cells.GetLength(1)];
        for (var i = 0; i < changed.GetLength(0); i++)
        {
            for (var j = 0; j < changed.GetLength(1); j++)
                changed[i, j] = change(cells[i, j]);
        }

        return changed;
    }

    private static double Max(double[,] values) => values.Cast<double>().DefaultIfEmpty(0).Max();
}
