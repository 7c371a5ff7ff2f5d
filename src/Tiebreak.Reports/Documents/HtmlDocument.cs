using Tiebreak.Reports.Pages;

namespace Tiebreak.Reports.Documents;

/// <summary>Draws a document as one HTML file.</summary>
public static class HtmlDocument
{
    /// <summary>The whole file; all texts are escaped.</summary>
    public static string Render(IDocument document)
    {
        var page = new HtmlPage(document.Title);
        foreach (var section in document.Sections().Where(section => section.On is not Medium.Terminal))
        {
            _ = section switch
            {
                Heading heading => page.Section(heading.Text),
                Paragraph paragraph => page.Text(paragraph.Text),
                TextTable table => page.Section(table.Title)
                    .Table(new HtmlTable(table.Columns, table.Rows) { ProseColumns = table.ProseColumns }),
                PlotRow { Plots: [var plot] } => page.Plot(plot),
                PlotRow row => page.Plots(row.Plots),
                BattleSection battle => page.Battle(battle.Panel),
                _ => throw new ArgumentException($"A page has no form for {section.GetType().Name}.", nameof(document)),
            };
        }

        return page.ToHtml();
    }
}
