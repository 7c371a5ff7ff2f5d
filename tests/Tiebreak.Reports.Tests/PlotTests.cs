using System.Globalization;
using System.Xml.Linq;
using Tiebreak.Reports.Plots;

namespace Tiebreak.Reports.Tests;

public sealed class PlotTests
{
    private const string Hostile = "<script>alert('x')</script> & \"quoted\"";

    public static TheoryData<IPlot> Plots =>
    [
        new BarChart(Hostile, [(Hostile, 3, Hostile), ("zero", 0, "0")]),
        new BarChart("empty", []),
        new LineChart(Hostile, Hostile, Hostile, [new Series(Hostile, [new SeriesPoint(0, 1, 0.5, 1.5), new SeriesPoint(1, 2)])]),
        new LineChart("one point", "x", "y", [new Series("s", [new SeriesPoint(5, 5)])]),
        new IntervalChart(Hostile, Hostile, [(Hostile, 1000, 990, 1010, Hostile), ("one", 900, 900, 900, "900")]) { ShowsZero = false },
        new LineChart(Hostile, "x", "y", [new Series("s", [new SeriesPoint(50, 1), new SeriesPoint(800, 2)])]) { LogarithmicX = true },
        new ColumnChart(Hostile, Hostile, Hostile, 0, 1, [(Hostile, [0.5, 0, 0.5])]),
        new ColumnChart("empty", "x", "y", 0, 1, []),
        new IntervalChart(Hostile, Hostile, [(Hostile, -0.1, -0.2, 0, Hostile), ("exact", 0, 0, 0, "0")]),
        new IntervalChart("empty", "x", []),
        new RankChart(Hostile, [Hostile, "2024-02", "2024-03"], [(Hostile, [1, null, 2]), ("late", [null, 1, 1])]),
        new RankChart("empty", [], []),
        new HeatMap(Hostile, [Hostile, "b"], new[,] { { double.NaN, 0.4 }, { 0.6, double.NaN } }, 0, 1, "P0"),
    ];

    [Theory]
    [MemberData(nameof(Plots))]
    public void A_picture_is_well_formed_and_no_text_becomes_an_element(IPlot plot)
    {
        var svg = XDocument.Parse(plot.ToSvg());
        Assert.DoesNotContain(svg.Descendants(), element => element.Name.LocalName is "script");
        Assert.DoesNotContain("NaN", plot.ToSvg(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Plots))]
    public void A_file_of_its_own_brings_name_space_and_colours(IPlot plot)
    {
        var svg = XDocument.Parse(SvgFile.Create(plot)).Root!;
        Assert.Equal("http://www.w3.org/2000/svg", svg.Name.NamespaceName);
        Assert.Contains("--paper", svg.Elements().First().Value, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Plots))]
    public void A_narrow_picture_fits_a_phone(IPlot plot)
    {
        if (plot.ToNarrowSvg() is not { } narrow)
            return;
        var svg = XDocument.Parse(narrow).Root!;
        Assert.DoesNotContain(svg.Descendants(), element => element.Name.LocalName is "script");
        if (svg.Attribute("width") is { } width)
            Assert.InRange(double.Parse(width.Value, CultureInfo.InvariantCulture), 1, 340);
    }

    [Fact]
    public void Both_forms_of_a_forest_plot_say_the_same()
    {
        var plot = new IntervalChart("t", "x", [("a model", -0.5, -1, 0, "-0.5"), ("another", 0.25, 0, 0.5, "+0.25")]);
        var (wide, narrow) = (XDocument.Parse(plot.ToSvg()), XDocument.Parse(plot.ToNarrowSvg()!));
        foreach (var text in (string[])["a model", "another", "-0.5", "+0.25"])
        {
            Assert.Contains(wide.Descendants("text"), element => string.Equals(element.Value, text, StringComparison.Ordinal));
            Assert.Contains(narrow.Descendants("text"), element => string.Equals(element.Value, text, StringComparison.Ordinal));
        }

        Assert.Equal(ShareOf(wide), ShareOf(narrow), 2);

        // Where zero is between the two values.
        static double ShareOf(XDocument svg)
        {
            double[] x = [.. svg.Descendants("circle").Select(circle => Number(circle, "cx"))];
            var zero = Number(svg.Descendants("line").Single(line => line.Attribute("class")!.Value is "axis"), "x1");
            return (zero - x[0]) / (x[1] - x[0]);
        }

        static double Number(XElement element, string name) =>
            double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Bars_are_as_long_as_their_values()
    {
        var svg = XDocument.Parse(new BarChart("t", [("a", 10, "10"), ("b", 5, "5")]).ToSvg());
        var widths = svg.Descendants("rect")
            .Select(bar => double.Parse(bar.Attribute("width")!.Value, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(2, widths[0] / widths[1], 3);
    }

    [Fact]
    public void Higher_values_are_drawn_higher()
    {
        var svg = XDocument.Parse(new LineChart(
            "t", "x", "y", [new Series("s", [new SeriesPoint(0, 1), new SeriesPoint(1, 2), new SeriesPoint(2, 1.5)])]).ToSvg());
        var heights = svg.Descendants("circle")
            .Select(point => double.Parse(point.Attribute("cy")!.Value, CultureInfo.InvariantCulture)).ToArray();
        Assert.True(heights[1] < heights[2] && heights[2] < heights[0]);
    }

    [Fact]
    public void A_curve_without_marks_is_a_line_and_its_small_numbers_are_labelled()
    {
        var svg = XDocument.Parse(new LineChart(
            "t", "x", "y", [new Series("s", [new SeriesPoint(0, 1e-5), new SeriesPoint(1, 3e-5)]) { HasMarks = false }]).ToSvg());
        Assert.Empty(svg.Descendants("circle"));
        Assert.Contains(svg.Descendants("text"), text => text.Value is "1.5e-5");
    }

    [Fact]
    public void Doubling_is_the_same_step_everywhere_on_a_logarithmic_axis()
    {
        var svg = XDocument.Parse(
            new LineChart("t", "x", "y", [new Series("s", [new SeriesPoint(100, 1), new SeriesPoint(200, 2), new SeriesPoint(400, 3)])])
            {
                LogarithmicX = true,
            }.ToSvg());
        var places = svg.Descendants("circle")
            .Select(point => double.Parse(point.Attribute("cx")!.Value, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(places[1] - places[0], places[2] - places[1], 1);
    }

    [Fact]
    public void Error_bars_of_a_reliability_diagram_stay_inside_it()
    {
        var svg = XDocument.Parse(
            new LineChart("t", "x", "y", [new Series("s", [new SeriesPoint(0.3, 0.3, 0.05, 0.9), new SeriesPoint(0.4, 0.4)])])
            {
                WithDiagonal = true,
                Width = 340,
                Height = 320,
            }.ToSvg());
        var heights = svg.Descendants("line").SelectMany(line => new[] { line.Attribute("y1")!, line.Attribute("y2")! })
            .Select(y => double.Parse(y.Value, CultureInfo.InvariantCulture));
        Assert.All(heights, y => Assert.InRange(y, 0, 320));
    }

    [Theory]
    [InlineData(0, 1, "0 0.2 0.4 0.6 0.8 1")]
    [InlineData(-2.1, 2.1, "-2 -1 0 1 2")]
    [InlineData(0, 57477, "0 10,000 20,000 30,000 40,000 50,000")]
    [InlineData(3, 3, "3")]
    public void Axes_are_labelled_with_round_numbers(double low, double high, string labels) =>
        Assert.Equal(labels, string.Join(' ', new Axis(low, high, 0, 100).Ticks().Select(Axis.Label)));
}
