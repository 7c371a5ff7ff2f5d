using Spectre.Console;
using Tiebreak.Reports.Documents;

namespace Tiebreak.Cli.Output;

/// <summary>Draws sections of documents on a terminal. Headings, plots and battles are for pages.</summary>
internal static class TerminalSection
{
    public static void Show(Session session, Section section)
    {
        switch (section)
        {
            case { On: Medium.Page }:
                break;
            case Reports.Documents.Paragraph paragraph:
                session.Say(paragraph.Text);
                break;
            case TextTable table:
                Show(session, table);
                break;
        }
    }

    // What does not fit on a line is left out, and named.
    private static void Show(Session session, TextTable table)
    {
        var shown = table.CanBeNarrowed ? table.Narrowed(session.Surface.Out.Profile.Width) : table;
        session.Show(ToTerminal(shown));
        if (shown.Columns.Count == table.Columns.Count)
            return;
        var left = table.Columns.Skip(shown.Columns.Count).Select(column => column.ReplaceLineEndings(" "));
        session.Say($"Not shown on so narrow a terminal: {string.Join("; ", left)}.");
    }

    private static Table ToTerminal(TextTable table)
    {
        var drawn = new Table().Border(TableBorder.Rounded).Title(Markup.Escape(table.Title));

        // On a narrow terminal the widest columns break into lines, between words.
        foreach (var (index, column) in table.Columns.Index())
        {
            var isText = index == 0 || table.ProseColumns.Contains(index);
            drawn.AddColumn(new TableColumn(Markup.Escape(column)) { Alignment = isText ? Justify.Left : Justify.Right });
        }

        foreach (var row in table.Rows)
            drawn.AddRow([.. row.Select(Markup.Escape)]);
        return drawn;
    }
}
