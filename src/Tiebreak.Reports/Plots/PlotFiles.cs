using Tiebreak.Core;
using Tiebreak.Core.Files;

namespace Tiebreak.Reports.Plots;

/// <summary>Writes plots as .svg files.</summary>
public static class PlotFiles
{
    /// <summary>Writes plots and returns their paths.</summary>
    /// <param name="path">An .svg file for the first, or a folder for all.</param>
    /// <param name="plots">The plots with their names.</param>
    /// <exception cref="InputException">The path has another ending.</exception>
    /// <exception cref="TiebreakException">A file cannot be written.</exception>
    public static IReadOnlyList<string> Write(string path, IReadOnlyList<(string Name, IPlot Plot)> plots)
    {
        if (path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase))
            return [Write(path, plots[0].Plot)];
        if (Path.GetExtension(path).Length > 0)
            throw new InputException($"Plots are written as .svg, or into a folder, and {path} is neither.");

        Directory.CreateDirectory(path);
        return [.. plots.Select(plot => Write(Path.Combine(path, $"{plot.Name}.svg"), plot.Plot))];
    }

    private static string Write(string path, IPlot plot)
    {
        AtomicFile.WriteText(path, SvgFile.Create(plot));
        return path;
    }
}
