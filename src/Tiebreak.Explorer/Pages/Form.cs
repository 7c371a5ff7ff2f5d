using Tiebreak.Explorer.Rendering;

namespace Tiebreak.Explorer.Pages;

/// <summary>Parts of forms.</summary>
internal static class Form
{
    /// <summary>A choice among values; the first, empty one stands for none. Nothing where there is no value to choose.</summary>
    public static Html Select(string name, string label, string none, IEnumerable<(string Value, string Text)> options, string? chosen)
    {
        if (chosen is null && !options.Any())
            return default;
        chosen ??= "";
        List<(string Value, string Text)> all = [("", none), .. options];
        if (!all.Exists(option => IsChosen(option.Value)))
            all.Add((chosen, chosen));
        return Html.Of($"""
            <label>{label}<select name="{name}">
            {all.Select(option => Option(option.Value, option.Text, IsChosen(option.Value)))}</select></label>

            """);

        bool IsChosen(string value) => string.Equals(value, chosen, StringComparison.Ordinal);
    }

    /// <summary>A field for a line of text.</summary>
    public static Html Text(string name, string label, string? value, string placeholder) => Html.Of($"""
        <label>{label}<input name="{name}" value="{value}" placeholder="{placeholder}" autocomplete="off"></label>

        """);

    private static Html Option(string value, string text, bool isChosen) => isChosen
        ? Html.Of($"<option value=\"{value}\" selected>{text}</option>\n")
        : Html.Of($"<option value=\"{value}\">{text}</option>\n");
}
