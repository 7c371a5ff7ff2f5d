using Tiebreak.Explorer.Rendering;

namespace Tiebreak.Explorer.Pages;

/// <summary>Rows of tables whose first column is a link.</summary>
internal static class Tables
{
    /// <summary>The headings.</summary>
    public static Html Head(params IEnumerable<string> columns) =>
        Html.Of($"<tr>{columns.Select(column => Html.Of($"<th scope=\"col\">{column}</th>"))}</tr>\n");

    /// <summary>A row.</summary>
    public static Html Row(Html first, params IEnumerable<string> others) =>
        Html.Of($"<tr><td>{first}</td>{others.Select(cell => Html.Of($"<td>{cell}</td>"))}</tr>\n");
}
