using Tiebreak.Reports.Documents;
using Tiebreak.Reports.Pages;
using Tiebreak.Reports.Plots;

namespace Tiebreak.Explorer.Rendering;

/// <summary>Documents of the library as parts of a page.</summary>
internal static class DocumentBody
{
    /// <summary>The sections that pages show; battles among them by their own page.</summary>
    public static Html Of(IDocument document) =>
        Html.Join(document.Sections().Where(section => section.On is not Medium.Terminal).Select(Of));

    /// <summary>A table whose first column is left-aligned.</summary>
    public static Html Of(TextTable table) => Html.Of($"""
        <h2>{table.Title}</h2>
        <div class="scroll" tabindex="0" role="region" aria-label="{table.Title}"><table>
        <thead><tr>{table.Columns.Select((column, i) => Cell(table, i, column, isHeader: true))}</tr></thead>
        <tbody>
        {table.Rows.Select(row => Html.Of($"<tr>{row.Select((cell, i) => Cell(table, i, cell, isHeader: false))}</tr>\n"))}</tbody>
        </table></div>

        """);

    /// <summary>A plot in the form that the screen asks for, or one that scrolls by itself where it is wider than that.</summary>
    public static Html Of(IPlot plot) => Html.OfReports(PlotFigure.Of(plot));

    private static Html Of(Section section) => section switch
    {
        Heading heading => Html.Of($"<h2>{heading.Text}</h2>\n"),
        Paragraph paragraph => Html.Of($"<p>{paragraph.Text}</p>\n"),
        TextTable table => Of(table),
        PlotRow { Plots: [var plot] } => Of(plot),
        PlotRow row => Html.Of($"""
            <div class="grid-of-plots">
            {row.Plots.Select(plot => Html.Of($"<figure>{Html.OfReports(plot.ToSvg())}</figure>\n"))}</div>

            """),
        _ => default,
    };

    private static Html Cell(TextTable table, int column, string text, bool isHeader)
    {
        var style = table.ProseColumns.Contains(column) ? Html.Of($" class=\"text\"") : default;
        return isHeader ? Html.Of($"<th scope=\"col\"{style}>{text}</th>") : Html.Of($"<td{style}>{text}</td>");
    }
}
