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

    /// <summary>The table without the last columns, as many as do not fit on a line; the first two stay.</summary>
    /// <param name="width">Characters of a line.</param>
    public TextTable Narrowed(int width)
    {
        const int Frame = 3; // of each column: a line and two blanks
        var (shown, used) = (0, 1);
        while (shown < Columns.Count)
        {
            used += Frame + Rows.Select(row => row[shown].Length).Concat(Columns[shown].Split('\n').Select(line => line.Length)).Max();
            if (used > width && shown >= 2)
                break;
            shown++;
        }

        return shown == Columns.Count
            ? this
            : this with { Columns = [.. Columns.Take(shown)], Rows = [.. Rows.Select(row => row[..shown])] };
    }

    public HtmlTable ToPage() => new(Columns, Rows);
}
