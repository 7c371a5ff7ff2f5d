using System.Globalization;
using System.Net;
using System.Text;
using Tiebreak.Core.Battles;

namespace Tiebreak.Reports.Pages;

/// <summary>
/// A battle with both sides beside each other. Model output is hostile input: all of it is shown as plain text, long texts are folded, and
/// what would bloat the page is cut, which the panel says.
/// </summary>
/// <param name="battle">The battle.</param>
/// <param name="heading">What there is to say about it.</param>
/// <param name="captionA">What stands above side A.</param>
/// <param name="captionB">What stands above side B.</param>
public sealed class BattlePanel(Battle battle, string heading, string captionA, string captionB)
{
    private const int LongestOpen = 700;
    private const int Longest = 8_000;
    private const int MostTurns = 6;

    /// <summary>The panel as HTML.</summary>
    public string ToHtml()
    {
        var html = new StringBuilder("<section class=\"battle\">\n").Append(CultureInfo.InvariantCulture, $"<h3>{Encode(heading)}</h3>\n");
        foreach (var turn in battle.Turns.Take(MostTurns))
        {
            html.Append("<div class=\"prompt\">").Append(Text(turn.Prompt)).Append("</div>\n<div class=\"sides\">\n");
            html.Append(CultureInfo.InvariantCulture, $"<div><h4>{Encode(captionA)}</h4>{Text(turn.ResponseA)}</div>\n");
            html.Append(CultureInfo.InvariantCulture, $"<div><h4>{Encode(captionB)}</h4>{Text(turn.ResponseB)}</div>\n</div>\n");
        }

        if (battle.Turns.Count > MostTurns)
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"faint\">{battle.Turns.Count - MostTurns} more turns.</p>\n");
        return html.Append("</section>\n").ToString();
    }

    private static string Text(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return $"<p class=\"faint\">({(text is null ? "null" : "empty")})</p>";
        if (text.Length <= LongestOpen)
            return $"<div class=\"said\" dir=\"auto\">{Encode(text)}</div>";

        var (open, end) = (WholeCharacters(text, LongestOpen), WholeCharacters(text, Math.Min(Longest, text.Length)));
        var html = new StringBuilder($"<div class=\"said\" dir=\"auto\">{Encode(text[..open])}</div>");
        html.Append(
            CultureInfo.InvariantCulture, $"<details><summary>{text.Length - open:N0} more characters</summary><div class=\"said\" "
                + $"dir=\"auto\">{Encode(text[open..end])}</div>");
        if (end < text.Length)
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"faint\">The last {text.Length - end:N0} characters are not shown.</p>");
        return html.Append("</details>").ToString();
    }

    // A character outside the basic plane is two units of UTF-16, which a cut must not part.
    private static int WholeCharacters(string text, int length) => char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
