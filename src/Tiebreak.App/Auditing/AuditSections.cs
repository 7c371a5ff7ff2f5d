using Tiebreak.Core;
using Tiebreak.Core.Licences;
using Tiebreak.Data.Auditing;
using Tiebreak.Reports.Documents;
using Tiebreak.Reports.Plots;

namespace Tiebreak.App.Auditing;

/// <summary>The sections of an audit. Terminals get tables where pages get plots.</summary>
internal static class AuditSections
{
    private const int LongestExamples = 48;
    private const int LongestHeading = 14;
    private const int MostRows = 25;
    private const int MostModelsAcross = 6; // what a terminal of 120 columns has room for

    public static IEnumerable<Section> Of(Audit audit)
    {
        var files = Quantity.Of(audit.Files.Count, "file");
        var tests = audit.Files.Any(file => file.IsTest) ? "; all counts include the test files" : "";
        yield return new Paragraph(
            $"{Quantity.Of(audit.Rows, "battle")} about {Quantity.Of(audit.Prompts, "different opening prompt")}, in {files}{tests}.")
        {
            On = Medium.Page,
        };
        yield return Files(audit);
        foreach (var section in Findings(audit))
            yield return section;
        yield return Verdicts(audit);
        yield return Effects(audit);
        foreach (var section in LengthCurve(audit))
            yield return section;
        yield return Lengths(audit);
        yield return new Paragraph($"Tokens are {audit.TokensAre}.");
        yield return new TextTable(
            "Turns", ["Turns", "Battles", "Share"],
            [.. audit.Turns.Select(turn => new[]
            {
                NumberText.Count(turn.Key), NumberText.Count(turn.Value), Share(turn.Value, audit.Rows),
            })]);
        yield return new TextTable(
            Counted("Languages", audit.Languages.Count), ["Language", "Battles", "Share"],
            [.. audit.Languages.Take(MostRows).Select(language => new[]
            {
                language.Language, NumberText.Count(language.Battles), Share(language.Battles, audit.Rows),
            })]);
        yield return new TextTable(
            Counted("Sources", audit.Sources.Count), ["Source", "Licence", "Battles", "Share"],
            [.. audit.Sources.Take(MostRows).Select(source => new[]
            {
                source.Source ?? "not said", source.License ?? "not said", NumberText.Count(source.Battles),
                Share(source.Battles, audit.Rows),
            })]);
        foreach (var sentence in Licences(audit))
            yield return new Paragraph(sentence);
        if (audit.Models.Count > 0)
            yield return Models(audit);
        foreach (var section in audit.Pairs.Models.Count > 1 ? Pairs(audit.Pairs) : [])
            yield return section;
    }

    /// <summary>What the licences of the sources forbid or ask for.</summary>
    public static IEnumerable<string> Licences(Audit audit) => LicenceTerms.Sentences(
        [.. audit.Sources.Select(source => new LicenceStatement("data", source.Source, source.License) { Battles = source.Battles })]);

    private static TextTable Files(Audit audit) => new(
        "Files", ["File", "Battles", "Rows with problems", "Role"],
        [.. audit.Files.Select(file => new[]
        {
            file.Name, NumberText.Count(file.Rows), NumberText.Count(file.Problems), file.IsTest ? "test" : "data",
        })]);

    private static IEnumerable<Section> Findings(Audit audit)
    {
        // Some sets have ids as long as a line; the page and the JSON hold them whole, and also what was not found.
        var found = audit.Findings.Where(finding => finding.Count > 0).ToList();
        if (found.Count > 0)
        {
            yield return new TextTable(
                "Findings", ["Finding", "Battles", "Share", "Examples"],
                [.. found.Select(finding => new[]
                {
                    finding.Name, NumberText.Count(finding.Count), Share(finding.Count, audit.Rows),
                    Shortened.Text(string.Join(' ', finding.Examples), LongestExamples),
                })])
            {
                On = Medium.Terminal,
            };
        }

        if (found.Count < audit.Findings.Count)
        {
            var names = string.Join(", ", audit.Findings.Where(finding => finding.Count == 0).Select(finding => finding.Name));
            yield return new Paragraph($"Not found in any battle: {names}.") { On = Medium.Terminal };
        }

        yield return new Heading("Findings");
        yield return new PlotRow(new BarChart(
            "Battles with each finding",
            [.. found.OrderByDescending(finding => finding.Count).Select(finding => (
                finding.Name, (double)finding.Count, $"{NumberText.Count(finding.Count)} ({Share(finding.Count, audit.Rows)})"))]));
        yield return new TextTable(
            "All findings, and what they mean", ["Finding", "Battles", "Share", "What it means", "Examples (ids)"],
            [.. audit.Findings.Select(finding => new[]
            {
                finding.Name, NumberText.Count(finding.Count), Share(finding.Count, audit.Rows), finding.Meaning,
                string.Join(", ", finding.Examples),
            })])
        {
            ProseColumns = new HashSet<int> { 3, 4 },
            On = Medium.Page,
        };
    }

    private static TextTable Verdicts(Audit audit)
    {
        var labelled = audit.Verdicts.Values.Sum();
        return new TextTable(
            "Verdicts", ["Verdict", "Battles", "Share"],
            [
                .. audit.Verdicts.Select(verdict => new[]
                {
                    AuditDocument.NameOf(verdict.Key), NumberText.Count(verdict.Value), Share(verdict.Value, labelled),
                }),
                ["not voted on", NumberText.Count(audit.Rows - labelled), Share(audit.Rows - labelled, audit.Rows)],
            ]);
    }

    private static TextTable Effects(Audit audit) => new(
        "Position and length", ["Side", "Share of wins", "95 % interval", "Battles that somebody won"],
        [Effect("first (A)", audit.FirstSide), Effect("longer", audit.LongerSide)]);

    private static string[] Effect(string side, ShareOfWins share) =>
    [
        side, NumberText.Percent(share.Share),
        share.Battles == 0 ? "none" : $"{NumberText.Percent(share.Interval.Lower)} to {NumberText.Percent(share.Interval.Upper)}",
        NumberText.Count(share.Battles),
    ];

    private static IEnumerable<Section> LengthCurve(Audit audit)
    {
        yield return new TextTable(
            "How battles end by the difference in length", ["A is as long as B", "Battles", "A wins", "B wins", "Tie"],
            [.. audit.LengthCurve.Select(bin => new[]
            {
                $"{NumberText.Of(Math.Exp(bin.LogRatio), "0.00")} times", NumberText.Count(bin.Battles), NumberText.Percent(bin.Shares.A),
                NumberText.Percent(bin.Shares.B), NumberText.Percent(bin.Shares.Tie),
            })])
        {
            On = Medium.Terminal,
        };
        if (audit.LengthCurve.Count == 0)
            yield break;
        yield return new Paragraph(
            "How battles end by the difference in length. Zero: both sides equally long; 0.69: A twice as long as B.")
        {
            On = Medium.Page,
        };
        yield return new PlotRow(new LineChart(
            "Outcome by difference in length", "ln(length of A / length of B)", "share of battles",
            [
                Curve(audit, "A wins", bin => bin.Shares.A),
                Curve(audit, "B wins", bin => bin.Shares.B),
                Curve(audit, "tie", bin => bin.Shares.Tie),
            ]));
    }

    private static Series Curve(Audit audit, string name, Func<LengthBin, double> share) => new(
        name,
        [.. audit.LengthCurve.Select(bin =>
        {
            var (p, error) = (share(bin), 1.96 * Math.Sqrt(share(bin) * (1 - share(bin)) / bin.Battles));
            return new SeriesPoint(bin.LogRatio, p, Math.Max(0, p - error), Math.Min(1, p + error));
        })]);

    private static TextTable Lengths(Audit audit) => new(
        "Lengths of all turns together", ["Text", "Mean", "Median", "90 %", "99 %", "Longest"],
        [.. audit.Lengths.Select(length => new[]
        {
            length.Text.Contains("tokens", StringComparison.Ordinal) ? length.Text : $"{length.Text}, characters",
            NumberText.Of(length.Mean, "N0"), NumberText.Of(length.Median, "N0"), NumberText.Of(length.P90, "N0"),
            NumberText.Of(length.P99, "N0"), NumberText.Count(length.Longest),
        })]);

    private static TextTable Models(Audit audit) => new(
        Counted("Models", audit.Models.Count), ["Model", "Battles", "Win rate without ties", "Tie rate"],
        [.. audit.Models.Take(MostRows).Select(model => new[]
        {
            model.Model, NumberText.Count(model.Battles), NumberText.Percent(model.WinRate), NumberText.Percent(model.TieRate),
        })]);

    // A terminal has room for a few models, a page for all that the audit compares.
    private static IEnumerable<Section> Pairs(PairTable pairs)
    {
        var models = Math.Min(MostModelsAcross, pairs.Models.Count);
        yield return new TextTable(
            "Wins of the row against the column without ties, and their battles",
            ["Model", .. pairs.Models.Take(models).Select(model => Shortened.Text(model, LongestHeading))],
            [.. Enumerable.Range(0, models).Select(row => (string[])
            [
                pairs.Models[row], .. Enumerable.Range(0, models).Select(column => Cell(pairs, row, column)),
            ])])
        {
            On = Medium.Terminal,
        };
        yield return new Heading("How often each model met each other");
        yield return new Paragraph("The models with most battles; empty where two never met.") { On = Medium.Page };
        yield return new PlotRow(new HeatMap(
            "Battles", pairs.Models, Changed(pairs.Battles, count => count == 0 ? double.NaN : count), 0,
            pairs.Battles.Cast<double>().Max(), "0"));
        yield return new Heading("How often the row beat the column");
        yield return new Paragraph("In percent of their battles that somebody won; empty where nobody did.") { On = Medium.Page };
        yield return new PlotRow(new HeatMap(
            "Win fraction in percent", pairs.Models, Changed(pairs.WinFraction, fraction => 100 * fraction), 0, 100, "0"));
    }

    private static string Cell(PairTable pairs, int row, int column)
    {
        if (pairs.Battles[row, column] == 0)
            return "";
        var wins = pairs.WinFraction[row, column];
        return $"{(double.IsNaN(wins) ? "-" : NumberText.Of(wins, "P0"))} of {NumberText.Of(pairs.Battles[row, column], "N0")}";
    }

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

    private static string Counted(string what, int count) =>
        count <= MostRows ? what : $"{what}: the {MostRows} most frequent of {NumberText.Count(count)}";

    private static string Share(int part, int whole) => NumberText.Percent(part, whole);
}
