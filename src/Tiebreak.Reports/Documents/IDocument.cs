namespace Tiebreak.Reports.Documents;

/// <summary>
/// Something to report, in the order of reading. A renderer draws the sections on its medium (<see cref="HtmlDocument"/> as a page);
/// the numbers behind them are properties of the document, for machines.
/// </summary>
public interface IDocument
{
    /// <summary>The heading of the whole.</summary>
    string Title { get; }

    /// <summary>The sections, in order.</summary>
    IEnumerable<Section> Sections();
}
