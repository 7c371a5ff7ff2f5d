using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Cli.Output;

/// <summary>What a token budget costs battles, for people and for machines.</summary>
internal static class BudgetLosses
{
    /// <summary>The table by side, and the sentence below it.</summary>
    public static void Show(Session session, BudgetReport report, string title)
    {
        session.Show(new TextTable(
            title, ["Part", "Battles that lost", "Tokens", "Lost", "Lost of all", "Median loss", "Largest loss", "Nothing left"],
            [.. report.Parts.Select(part => new[]
            {
                NameOf(part.Part), $"{part.Rows:N0}", $"{part.Tokens:N0}", $"{part.Lost:N0}",
                part.Tokens == 0 ? "-" : ((double)part.Lost / part.Tokens).ToString("P1", CultureInfo.InvariantCulture),
                $"{part.MedianLost:N0}", $"{part.MostLost:N0}", $"{part.Gone:N0}",
            })]).ToTerminal());
        session.Say($"{report.Cut:N0} of {report.Battles:N0} battles were cut, {report.TurnsDropped:N0} turns left out; the longest row has {report.Longest:N0} tokens.");
    }

    /// <summary>One sentence; nothing where nothing was cut.</summary>
    public static void Say(Session session, BudgetReport report, int maxTokens)
    {
        if (report.Cut == 0)
            return;
        var lost = report.Parts.Where(part => part.Rows > 0).Select(part => string.Create(
            CultureInfo.InvariantCulture, $"{NameOf(part.Part)} {(double)part.Lost / part.Tokens:P1} in {part.Rows:N0} battles"));
        session.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"The judge reads {maxTokens:N0} tokens: {report.Cut:N0} of {report.Battles:N0} battles were cut, {report.TurnsDropped:N0} turns left out. Lost: {string.Join(", ", lost)}."));
    }

    /// <summary>The whole report.</summary>
    public static JsonObject ToJson(BudgetReport report) => new()
    {
        ["battles"] = report.Battles,
        ["cut"] = report.Cut,
        ["turns_dropped"] = report.TurnsDropped,
        ["longest"] = report.Longest,
        ["parts"] = new JsonArray([.. report.Parts.Select(part => new JsonObject
        {
            ["part"] = NameOf(part.Part),
            ["rows"] = part.Rows,
            ["tokens"] = part.Tokens,
            ["lost"] = part.Lost,
            ["median_lost"] = part.MedianLost,
            ["most_lost"] = part.MostLost,
            ["gone"] = part.Gone,
        })]),
    };

    private static string NameOf(BattlePart part) => part switch
    {
        BattlePart.Prompt => "prompt",
        BattlePart.ResponseA => "response A",
        _ => "response B",
    };
}
