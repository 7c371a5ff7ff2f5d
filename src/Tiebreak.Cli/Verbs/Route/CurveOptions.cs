using System.CommandLine;
using System.Text;
using Tiebreak.Cli.Output.Route;
using Tiebreak.Core;
using Tiebreak.Core.Files;
using Tiebreak.Ratings.Routing;
using Tiebreak.Reports.Plots;

namespace Tiebreak.Cli.Verbs.Route;

/// <summary>Where a cost/quality curve is written besides the terminal.</summary>
internal sealed class CurveOptions
{
    private readonly Option<string?> _csv = new("--csv") { Description = "Also write the cost/quality curve as CSV." };
    private readonly Option<string?> _plot = new("--plot") { Description = "Also draw it: an .svg file." };

    public CurveOptions(Command verb)
    {
        verb.Add(_csv);
        verb.Add(_plot);
        _plot.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var path }] && !path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase))
                result.AddError($"--plot {path}: pictures are written as .svg.");
        });
    }

    public void Write(ParseResult parse, Session session, PolicyManifest manifest, CostQualityCurve curve)
    {
        if (parse.GetValue(_csv) is { } csv)
            Write(session, csv, RouteCsv.Of(curve));
        if (parse.GetValue(_plot) is { } plot)
            Write(session, plot, SvgFile.Create(CurvePlot.Of(manifest, curve)));
    }

    /// <exception cref="TiebreakException">The file cannot be written.</exception>
    private static void Write(Session session, string path, string text)
    {
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
        session.Say($"Wrote {path}.");
    }
}
