using System.Net;
using System.Text;
using Tiebreak.Reports.Plots;

namespace Tiebreak.Reports.Pages;

/// <summary>
/// A report as one HTML file that needs nothing else: no script, no font, no network. All texts are escaped, because model output is
/// hostile input.
/// </summary>
/// <param name="title">The heading.</param>
internal sealed class HtmlPage(string title)
{
    private const string Style = """
        :root { --ink: #1b1f24; --paper: #ffffff; --faint: #667; --rule: #d8dce2; --a: #2a6fb0; --b: #c2571a; --tie: #4d8f4d;
            --other: #7d5ba6; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e3e6ea; --paper: #15181c; --faint: #99a; --rule: #353b44;
            --a: #6aa9e6; --b: #e9935a; --tie: #84c284; --other: #b598d8; } }
        body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem;
            margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.7rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; border-bottom: 1px solid var(--rule); }
        .scroll { overflow-x: auto; } table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
        th, td { padding: .25rem .6rem; white-space: nowrap; text-align: right; border-bottom: 1px solid var(--rule);
            vertical-align: top; }
        th { color: var(--faint); font-weight: 600; }
        th:first-child, td:first-child { text-align: left; } p { max-width: 45rem; }
        svg { max-width: 100%; height: auto; display: block; margin: 1rem 0; } .scroll > svg { min-width: 40rem; }
        svg text { font-size: 12px; fill: var(--ink); } .grid { stroke: var(--rule); } .line { stroke-width: 2; }
        .a { fill: var(--a); stroke: none; } .b { fill: var(--b); } .tie { fill: var(--tie); } .other { fill: var(--other); }
        .line.a { fill: none; stroke: var(--a); } .line.b { fill: none; stroke: var(--b); }
        .line.tie { fill: none; stroke: var(--tie); } .line.other { fill: none; stroke: var(--other); }
        .axis { stroke: var(--ink); } .text { text-align: left; white-space: normal; min-width: 14rem; overflow-wrap: anywhere; }
        figure { margin: 0; } figure > .narrow { display: none; } .faint, summary { color: var(--faint); }
        .grid-of-plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 0 1rem; }
        .battle { border: 1px solid var(--rule); border-radius: 6px; padding: .25rem 1rem 1rem; margin: 1.5rem 0; }
        h3 { font-size: 1rem; } h4 { font-size: .85rem; margin: .5rem 0; color: var(--faint); }
        .prompt { border-left: 3px solid var(--rule); padding-left: .8rem; margin: .8rem 0; font-weight: 600; }
        .sides { display: grid; grid-template-columns: 1fr 1fr; gap: 1.5rem; }
        .said { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .9rem; }
        @media (max-width: 40rem) { .sides { grid-template-columns: 1fr; } }
        @media (max-width: 46rem) { figure > .wide { display: none; } figure > .narrow { display: block; } }
        @media print {
          :root { --ink: #000; --paper: #fff; --faint: #444; --rule: #bbb; --a: #2a6fb0; --b: #c2571a; --tie: #4d8f4d; --other: #7d5ba6; }
          body { max-width: none; margin: 0; font-size: 11px; } h2, h3, h4 { break-after: avoid; } figure, tr { break-inside: avoid; }
          .scroll { overflow: visible; }
        }
        """;

    private readonly StringBuilder _body = new();

    /// <summary>Begins a section.</summary>
    public HtmlPage Section(string heading) => Append($"<h2>{WebUtility.HtmlEncode(heading)}</h2>\n");

    /// <summary>Adds a paragraph.</summary>
    public HtmlPage Text(string text) => Append($"<p>{WebUtility.HtmlEncode(text)}</p>\n");

    /// <summary>Adds a table.</summary>
    public HtmlPage Table(HtmlTable table) => Append(table.ToHtml());

    /// <summary>Adds a picture.</summary>
    public HtmlPage Plot(IPlot plot) => Append(PlotFigure.Of(plot));

    /// <summary>Adds pictures that stand beside each other where there is room.</summary>
    public HtmlPage Plots(IEnumerable<IPlot> plots) =>
        Append($"<div class=\"grid-of-plots\">\n{string.Concat(plots.Select(plot => $"<figure>{plot.ToSvg()}</figure>\n"))}</div>\n");

    /// <summary>Adds a battle.</summary>
    public HtmlPage Battle(BattlePanel panel) => Append(panel.ToHtml());

    /// <summary>The whole file.</summary>
    public string ToHtml() =>
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{WebUtility.HtmlEncode(title)}</title>
        <style>
        {Style}
        </style>
        </head>
        <body>
        <h1>{WebUtility.HtmlEncode(title)}</h1>
        {_body}</body>
        </html>

        """;

    private HtmlPage Append(string html)
    {
        _body.Append(html);
        return this;
    }
}
