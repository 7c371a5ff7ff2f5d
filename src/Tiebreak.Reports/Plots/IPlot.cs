namespace Tiebreak.Reports.Plots;

/// <summary>A picture that can be written as SVG.</summary>
public interface IPlot
{
    /// <summary>
    /// The picture as one <c>svg</c> element; colours come from the page's style sheet, so that it follows light and dark.
    /// </summary>
    string ToSvg();

    /// <summary>
    /// The same for the screen of a phone, as one <c>svg</c> element of at most 340 pixels; null for a picture that has no such form. A
    /// page shows one or the other.
    /// </summary>
    string? ToNarrowSvg() => null;
}
