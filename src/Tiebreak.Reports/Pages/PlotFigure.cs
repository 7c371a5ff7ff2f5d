using Tiebreak.Reports.Plots;

namespace Tiebreak.Reports.Pages;

/// <summary>A plot as a figure of a page: in the form that the width of the screen asks for, or one that scrolls by itself.</summary>
internal static class PlotFigure
{
    /// <summary>The element; the page's style sheet shows one of the elements of the classes <c>wide</c> and <c>narrow</c>.</summary>
    public static string Of(IPlot plot) => plot.ToNarrowSvg() is { } narrow
        ? $"<figure><div class=\"wide\">{plot.ToSvg()}</div><div class=\"narrow\">{narrow}</div></figure>\n"
        : $"<figure class=\"scroll\" tabindex=\"0\">{plot.ToSvg()}</figure>\n";
}
