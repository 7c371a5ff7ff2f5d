using System.CommandLine;
using Tiebreak.Cli.Output.Route;
using Tiebreak.Ratings.Routing;
using Tiebreak.Reports.Plots;

namespace Tiebreak.Cli.Verbs.Route;

/// <summary>Where a cost/quality curve is written besides the terminal.</summary>
internal sealed class CurveOptions(Command verb)
    : ResultFileOptions(verb, "Also write the cost/quality curve as CSV.", "Also draw it: an .svg file.")
{
    public void Write(ParseResult parse, Session session, PolicyManifest manifest, CostQualityCurve curve) =>
        Write(parse, session, () => RouteCsv.Of(curve), () => SvgFile.Create(CurvePlot.Of(manifest, curve)));
}
