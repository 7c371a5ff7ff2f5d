using Spectre.Console;
using Tiebreak.Reports.Pages;

namespace Tiebreak.Cli.Output;

/// <summary>A table that can be shown on a terminal and on a page.</summary>
/// <param name="Title">What it is about.</param>
/// <param name="Columns">Headings; the first column is left-aligned, all others right-aligned.</param>
/// <param name="Rows">One text per column and row.</param>
internal sealed record TextTable(string Title, IReadOnlyList<string> Columns, IReadOnlyList<string[]> Rows)
{
    public Table ToTerminal()
    {
        var table = new Table().Border(TableBorder.Rounded).Title(Markup.Escape(Title));

        // On a narrow terminal the widest columns break into lines, between words.
        foreach (var (column, index) in Columns.Select((column, index) => (column, index)))
            table.AddColumn(new TableColumn(Markup.Escape(column)) { Alignment = index == 0 ? Justify.Left : Justify.Right });
        foreach (var row in Rows)
            table.AddRow([.. row.Select(Markup.Escape)]);
        return table;
    }

    public HtmlTable ToPage() => new(Columns, Rows);
}
