using Tiebreak.Core.Battles;
using Tiebreak.Explorer.Rendering;

namespace Tiebreak.Explorer.Pages;

/// <summary>Verdicts and preferences in a word or a bar, in the colours of the sides.</summary>
internal static class Badges
{
    /// <summary>A vote in one word.</summary>
    public static Html Of(Verdict? verdict) => verdict switch
    {
        Verdict.A => Html.Of($"<span class=\"badge a\">A wins</span>"),
        Verdict.B => Html.Of($"<span class=\"badge b\">B wins</span>"),
        Verdict.Tie => Html.Of($"<span class=\"badge tie\">tie</span>"),
        Verdict.BothBad => Html.Of($"<span class=\"badge tie\">both bad</span>"),
        _ => Html.Of($"<span class=\"badge none\">no vote</span>"),
    };

    /// <summary>How much of something is done; nothing where the whole is not known.</summary>
    public static Html Progress(string label, long done, long total) => total == 0
        ? default
        : Html.Of($"<progress aria-label=\"{label}\" value=\"{done}\" max=\"{total}\"></progress> {(double)done / total:P0}");

    /// <summary>Shares of a whole as one bar.</summary>
    /// <param name="label">What the bar says, for who cannot see it.</param>
    /// <param name="shares">Class of the colour and share of each part, which sum to 1.</param>
    public static Html Bar(string label, params IEnumerable<(string Style, double Share)> shares)
    {
        var (parts, x) = (new List<Html>(), 0.0);
        foreach (var (style, share) in shares)
        {
            parts.Add(Html.Of($"<rect class=\"{style}\" x=\"{100 * x:0.###}\" y=\"0\" width=\"{100 * share:0.###}\" height=\"10\"/>"));
            x += share;
        }

        return Html.Of($"""
            <svg class="share" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{label}">{parts}</svg>

            """);
    }
}
