using System.Globalization;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Auditing;
using Tiebreak.Text;

namespace Tiebreak.Cli.Output;

/// <summary>The tables of an audit as headings and texts, the same for the terminal and for the page.</summary>
internal static class AuditTables
{
    private const int LongestExamples = 48;

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
        "Languages", ["Language", "Battles", "Share"],
        [.. audit.Languages.Take(20).Select(language => new[] { language.Language, Count(language.Battles), Share(language.Battles, audit.Rows) })]);

    public static TextTable Sources(Audit audit) => new(
        "Sources", ["Source", "Licence", "Battles", "Share"],
        [.. audit.Sources.Take(20).Select(source => new[] { source.Source ?? "not said", source.License ?? "not said", Count(source.Battles), Share(source.Battles, audit.Rows) })]);

    public static TextTable Lengths(Audit audit) => new(
        $"Lengths in characters, all turns together; tokens are {TokenEstimate.Accuracy}", ["Text", "Mean", "Median", "90 %", "99 %", "Longest"],
        [.. audit.Lengths.Select(length => new[]
        {
            length.Text, Number(length.Mean), Number(length.Median), Number(length.P90), Number(length.P99), Count(length.Longest),
        })]);

    public static TextTable Effects(Audit audit) => new(
        "Position and length", ["Side", "Share of wins", "95 % interval", "Battles that somebody won"],
        [Effect("first (A)", audit.FirstSide), Effect("longer", audit.LongerSide)]);

    public static TextTable Models(Audit audit) => new(
        "Models", ["Model", "Battles", "Win rate without ties", "Tie rate"],
        [.. audit.Models.Take(25).Select(model => new[] { model.Model, Count(model.Battles), Percent(model.WinRate), Percent(model.TieRate) })]);

    public static string Name(Verdict verdict) => verdict switch
    {
        Verdict.A => "A",
        Verdict.B => "B",
        Verdict.Tie => "tie",
        _ => "both bad",
    };

    // Some sets have ids as long as a line; the page and the JSON hold them whole.
    private static string Shorten(string examples) => examples.Length <= LongestExamples ? examples : examples[..(LongestExamples - 1)] + "…";

    private static string[] Effect(string side, ShareOfWins share) =>
        [side, Percent(share.Share), share.Battles == 0 ? "none" : $"{Percent(share.Interval.Lower)} to {Percent(share.Interval.Upper)}", Count(share.Battles)];

    private static string Count(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Share(int part, int whole) => Percent(whole == 0 ? double.NaN : (double)part / whole);

    private static string Percent(double value) => double.IsNaN(value) ? "none" : value.ToString("P1", CultureInfo.InvariantCulture);
}
