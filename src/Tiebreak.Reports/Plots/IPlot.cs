namespace Tiebreak.Reports.Plots;

/// <summary>A picture that can be written as SVG.</summary>
public interface IPlot
{
    /// <summary>
    /// The picture as one <c>svg</c> element; colours come from the page's style sheet, so that it follows light and dark.
    /// </summary>
    string ToSvg();
}
