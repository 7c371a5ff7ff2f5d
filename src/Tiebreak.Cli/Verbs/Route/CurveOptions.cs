using System.CommandLine;

namespace Tiebreak.Cli.Verbs.Route;

/// <summary>Where a cost/quality curve is written besides the terminal.</summary>
internal sealed class CurveOptions(Command verb)
    : ResultFileOptions(verb, "Also write the cost/quality curve as CSV.", "Also draw it: an .svg file.");
