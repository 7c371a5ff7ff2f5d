using System.Globalization;
using System.Net;
using System.Text;

namespace Tiebreak.Reports.Plots;

/// <summary>Collects SVG elements. Coordinates are pixels of the view box, y downwards; all texts are escaped.</summary>
/// <param name="width">Width of the view box.</param>
/// <param name="height">Height of the view box.</param>
/// <param name="title">Said by screen readers and shown on hovering.</param>
internal sealed class SvgCanvas(double width, double height, string title)
{
    private readonly StringBuilder _elements = new();

    public void Rectangle(double x, double y, double w, double h, string style, string? hint = null) => Append(
        $"<rect x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{Math.Max(0, w):0.##}\" height=\"{Math.Max(0, h):0.##}\" class=\"{style}\"",
        "rect", hint);

    /// <summary>A rectangle whose opacity carries a value from 0 to 1.</summary>
    public void Shade(double x, double y, double w, double h, double opacity, string style, string hint) => Append(
        $"<rect x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{w:0.##}\" height=\"{h:0.##}\" class=\"{style}\" fill-opacity=\"{opacity:0.###}\"",
        "rect", hint);

    public void Line(double x1, double y1, double x2, double y2, string style) => Append(
        $"<line x1=\"{x1:0.##}\" y1=\"{y1:0.##}\" x2=\"{x2:0.##}\" y2=\"{y2:0.##}\" class=\"{style}\"", "line", hint: null);

    public void Circle(double x, double y, double radius, string style, string hint) => Append(
        $"<circle cx=\"{x:0.##}\" cy=\"{y:0.##}\" r=\"{radius:0.##}\" class=\"{style}\"", "circle", hint);

    public void Polyline(IEnumerable<(double X, double Y)> points, string style)
    {
        var list = string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:0.##},{point.Y:0.##}")));
        Append($"<polyline points=\"{list}\" class=\"{style}\" fill=\"none\"", "polyline", hint: null);
    }

    /// <param name="x">Where the text is anchored.</param>
    /// <param name="y">Its base line.</param>
    /// <param name="text">The text.</param>
    /// <param name="anchor">start, middle or end.</param>
    /// <param name="angle">Rotation in degrees around the anchor.</param>
    public void Text(double x, double y, string text, string anchor = "start", double angle = 0)
    {
        var rotation = angle == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $" transform=\"rotate({angle:0.##} {x:0.##} {y:0.##})\"");
        _elements.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.##}\" y=\"{y:0.##}\" text-anchor=\"{anchor}\"{rotation}>")
            .Append(WebUtility.HtmlEncode(text)).Append("</text>\n");
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"<svg viewBox=\"0 0 {width:0.##} {height:0.##}\" width=\"{width:0}\" height=\"{height:0}\" role=\"img\" "
            + $"aria-label=\"{WebUtility.HtmlEncode(title)}\">\n{_elements}</svg>\n");

    private void Append(FormattableString element, string name, string? hint)
    {
        _elements.Append(element.ToString(CultureInfo.InvariantCulture));
        _elements.Append(hint is null ? "/>\n" : $"><title>{WebUtility.HtmlEncode(hint)}</title></{name}>\n");
    }
}
