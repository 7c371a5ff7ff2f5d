namespace Tiebreak.Reports.Plots;

/// <summary>A picture as a file of its own: with the name space and the colours that a page would give it, also for dark screens.</summary>
public static class SvgFile
{
    private const string Style = """
        <style>
        svg { --ink: #1b1f24; --paper: #ffffff; --rule: #d8dce2; --a: #2a6fb0; --b: #c2571a; --tie: #4d8f4d; --other: #7d5ba6;
            background: var(--paper); font-family: system-ui, sans-serif; }
        @media (prefers-color-scheme: dark) { svg { --ink: #e3e6ea; --paper: #15181c; --rule: #353b44; --a: #6aa9e6; --b: #e9935a;
            --tie: #84c284; --other: #b598d8; } }
        text { font-size: 12px; fill: var(--ink); } .grid { stroke: var(--rule); } .line { stroke-width: 2; }
        .a { fill: var(--a); } .b { fill: var(--b); } .tie { fill: var(--tie); } .other { fill: var(--other); }
        .line.a { fill: none; stroke: var(--a); } .line.b { fill: none; stroke: var(--b); }
        .line.tie { fill: none; stroke: var(--tie); } .line.other { fill: none; stroke: var(--other); }
        </style>

        """;

    /// <summary>The text of the file.</summary>
    public static string Create(IPlot plot)
    {
        var svg = plot.ToSvg();
        if (!svg.StartsWith("<svg ", StringComparison.Ordinal))
        {
            // Some plots say in HTML that there is nothing to draw.
            var canvas = new SvgCanvas(200, 40, "No data");
            canvas.Text(20, 25, "No data.");
            svg = canvas.ToString();
        }

        var content = svg.IndexOf('\n', StringComparison.Ordinal) + 1;
        return svg[..content].Replace("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" ", StringComparison.Ordinal) + Style
            + svg[content..];
    }
}
