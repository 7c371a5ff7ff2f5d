using System.CommandLine;
using Tiebreak.Core;
using Tiebreak.Reports.Plots;

namespace Tiebreak.Cli.Verbs;

/// <summary>Where a result is written besides the terminal: <c>--csv</c> and <c>--plot</c>.</summary>
internal abstract class ResultFileOptions
{
    private readonly Option<string?> _csv = new("--csv");
    private readonly Option<string?> _plot = new("--plot");

    protected ResultFileOptions(Command verb, string csv, string plot)
    {
        (_csv.Description, _plot.Description) = (csv, plot);
        verb.Add(_csv);
        verb.Add(_plot);
        _plot.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var path }] && !path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase))
                result.AddError($"--plot {path}: pictures are written as .svg.");
        });
    }

    /// <summary>Writes the files that were asked for.</summary>
    /// <exception cref="TiebreakException">A file cannot be written.</exception>
    public void Write(ParseResult parse, Session session, Func<string> csv, Func<IPlot> plot)
    {
        if (parse.GetValue(_csv) is { } csvPath)
            session.Write(csvPath, csv());
        if (parse.GetValue(_plot) is { } plotPath)
            session.Write(plotPath, SvgFile.Create(plot()));
    }
}
