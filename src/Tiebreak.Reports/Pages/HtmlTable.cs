using System.Net;
using System.Text;

namespace Tiebreak.Reports.Pages;

/// <summary>A table of texts; the first column is left-aligned, all others right-aligned.</summary>
/// <param name="columns">The headings.</param>
/// <param name="rows">One text per column and row.</param>
public sealed class HtmlTable(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
{
    /// <summary>The table as HTML; all texts are escaped.</summary>
    public string ToHtml()
    {
        var html = new StringBuilder("<div class=\"scroll\"><table>\n<tr>");
        foreach (var column in columns)
            html.Append("<th>").Append(WebUtility.HtmlEncode(column)).Append("</th>");
        html.Append("</tr>\n");
        foreach (var row in rows)
        {
            html.Append("<tr>");
            foreach (var cell in row)
                html.Append("<td>").Append(WebUtility.HtmlEncode(cell)).Append("</td>");
            html.Append("</tr>\n");
        }

        return html.Append("</table></div>\n").ToString();
    }
}
