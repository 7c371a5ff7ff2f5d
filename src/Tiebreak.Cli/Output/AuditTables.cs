using System.Globalization;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Auditing;
using Tiebreak.Reports.Documents;

namespace Tiebreak.Cli.Output;

/// <summary>The tables of an audit as headings and texts, the same for the terminal and for the page.</summary>
internal static class AuditTables
{
    private const int LongestExamples = 48;
    private const int LongestHeading = 14;
    private const int MostRows = 25;
    private const int MostModelsAcross = 6; // what a terminal of 120 columns has room for

    public static TextTable Files(Audit audit) => new(
        "Files", ["File", "Battles", "Rows with problems", "Role"],
        [.. audit.Files.Select(file => new[] { file.Name, Count(file.Rows), Count(file.Problems), file.IsTest ? "test" : "data" })]);

    public static TextTable Findings(Audit audit) => new(
        "Findings", ["Finding", "Battles", "Share", "Examples"],
        [.. audit.Findings.Select(finding => new[]
        {
            finding.Name, Count(finding.Count), Share(finding.Count, audit.Rows), Shorten(string.Join(' ', finding.Examples)),
        })]);

    public static TextTable Verdicts(Audit audit)
    {
        var labelled = audit.Verdicts.Values.Sum();
        return new TextTable(
            "Verdicts", ["Verdict", "Battles", "Share"],
            [
                .. audit.Verdicts.Select(verdict => new[] { Name(verdict.Key), Count(verdict.Value), Share(verdict.Value, labelled) }),
                ["not voted on", Count(audit.Rows - labelled), Share(audit.Rows - labelled, audit.Rows)],
            ]);
    }

    public static TextTable Turns(Audit audit) => new(
        "Turns", ["Turns", "Battles", "Share"],
        [.. audit.Turns.Select(turn => new[] { Count(turn.Key), Count(turn.Value), Share(turn.Value, audit.Rows) })]);

    public static TextTable Languages(Audit audit) => new(
        Heading("Languages", audit.Languages.Count), ["Language", "Battles", "Share"],
        [.. audit.Languages.Take(MostRows).Select(language => new[] { language.Language, Count(language.Battles), Share(language.Battles, audit.Rows) })]);

    public static TextTable Sources(Audit audit) => new(
        Heading("Sources", audit.Sources.Count), ["Source", "Licence", "Battles", "Share"],
        [.. audit.Sources.Take(MostRows).Select(source => new[] { source.Source ?? "not said", source.License ?? "not said", Count(source.Battles), Share(source.Battles, audit.Rows) })]);

    public static TextTable Lengths(Audit audit) => new(
        "Lengths of all turns together", ["Text", "Mean", "Median", "90 %", "99 %", "Longest"],
        [.. audit.Lengths.Select(length => new[]
        {
            length.Text.Contains("tokens", StringComparison.Ordinal) ? length.Text : $"{length.Text}, characters", Number(length.Mean), Number(length.Median), Number(length.P90), Number(length.P99), Count(length.Longest),
        })]);

    public static TextTable Effects(Audit audit) => new(
        "Position and length", ["Side", "Share of wins", "95 % interval", "Battles that somebody won"],
        [Effect("first (A)", audit.FirstSide), Effect("longer", audit.LongerSide)]);

    public static TextTable Models(Audit audit) => new(
        Heading("Models", audit.Models.Count), ["Model", "Battles", "Win rate without ties", "Tie rate"],
        [.. audit.Models.Take(MostRows).Select(model => new[] { model.Model, Count(model.Battles), Percent(model.WinRate), Percent(model.TieRate) })]);

    public static TextTable LengthCurve(Audit audit) => new(
        "How battles end by the difference in length", ["A is as long as B", "Battles", "A wins", "B wins", "Tie"],
        [.. audit.LengthCurve.Select(bin => new[]
        {
            string.Create(CultureInfo.InvariantCulture, $"{Math.Exp(bin.LogRatio):0.00} times"), Count(bin.Battles), Percent(bin.Shares.A), Percent(bin.Shares.B), Percent(bin.Shares.Tie),
        })]);

    /// <summary>The most frequent models against each other; the page shows more of them.</summary>
    public static TextTable Pairs(Audit audit)
    {
        var models = Math.Min(MostModelsAcross, audit.Pairs.Models.Count);
        string Cell(int row, int column) => audit.Pairs.Battles[row, column] == 0
            ? ""
            : $"{(double.IsNaN(audit.Pairs.WinFraction[row, column]) ? "-" : audit.Pairs.WinFraction[row, column].ToString("P0", CultureInfo.InvariantCulture))} of {Count((int)audit.Pairs.Battles[row, column])}";
        return new TextTable(
            "Wins of the row against the column without ties, and their battles", ["Model", .. audit.Pairs.Models.Take(models).Select(model => Shortened(model, LongestHeading))],
            [.. Enumerable.Range(0, models).Select(row => new[] { audit.Pairs.Models[row] }.Concat(Enumerable.Range(0, models).Select(column => Cell(row, column))).ToArray())]);
    }

    public static string Name(Verdict verdict) => verdict switch
    {
        Verdict.A => "A",
        Verdict.B => "B",
        Verdict.Tie => "tie",
        _ => "both bad",
    };

    // Some sets have ids as long as a line; the page and the JSON hold them whole.
    private static string Shorten(string examples) => Shortened(examples, LongestExamples);

    private static string Shortened(string text, int most) => text.Length <= most ? text : text[..(most - 1)] + "…";

    private static string Heading(string what, int count) => count <= MostRows ? what : $"{what}: the {MostRows} most frequent of {Count(count)}";

    private static string[] Effect(string side, ShareOfWins share) =>
        [side, Percent(share.Share), share.Battles == 0 ? "none" : $"{Percent(share.Interval.Lower)} to {Percent(share.Interval.Upper)}", Count(share.Battles)];

    private static string Count(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Share(int part, int whole) => Percent(whole == 0 ? double.NaN : (double)part / whole);

    private static string Percent(double value) => double.IsNaN(value) ? "none" : value.ToString("P1", CultureInfo.InvariantCulture);
}
