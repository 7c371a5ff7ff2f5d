using System.CommandLine;
using System.Text;
using Tiebreak.Boosting.Identification;
using Tiebreak.Cli.Output.Identify;
using Tiebreak.Core.Files;
using Tiebreak.Reports.Plots;

namespace Tiebreak.Cli.Verbs.Identify;

/// <summary>Where it is written which models are taken for which, besides the terminal.</summary>
internal sealed class ConfusionOptions
{
    private readonly Option<string?> _csv = new("--csv") { Description = "Also write who was taken for whom as CSV (writer, said, responses)." };
    private readonly Option<string?> _plot = new("--plot") { Description = "Also draw the confusion of models (or of families, where models are many): an .svg file." };

    public ConfusionOptions(Command verb)
    {
        verb.Add(_csv);
        verb.Add(_plot);
        _plot.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var path }] && !path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase))
                result.AddError($"--plot {path}: pictures are written as .svg.");
        });
    }

    public void Write(ParseResult parse, Session session, IdentificationResult result)
    {
        if (parse.GetValue(_csv) is { } csv)
            Write(session, csv, ConfusionPlot.ToCsv(result));
        if (parse.GetValue(_plot) is { } plot)
            Write(session, plot, SvgFile.Create(ConfusionPlot.Of(result)));
    }

    private static void Write(Session session, string path, string text)
    {
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
        session.Say($"Wrote {path}.");
    }
}
