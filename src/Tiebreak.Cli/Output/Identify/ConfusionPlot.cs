using System.Globalization;
using System.Text;
using Tiebreak.Core.Files;
using Tiebreak.Features.Identification;
using Tiebreak.Reports.Plots;

namespace Tiebreak.Cli.Output.Identify;

/// <summary>Who was taken for whom, as a picture and as CSV.</summary>
internal static class ConfusionPlot
{
    // More models than this are shown by family.
    private const int MostModels = 24;

    public static HeatMap Of(IdentificationResult result) => result.Models.Count <= MostModels
        ? InPercent("Said to be (column), percent of the responses of a model (row)", result.Models, result.Confusion)
        : InPercent("Said to be of (column), percent of the responses of a family (row)", result.Families, result.FamilyConfusion);

    public static string ToCsv(IdentificationResult result)
    {
        var text = new StringBuilder("writer,said,responses\n");
        for (var i = 0; i < result.Models.Count; i++)
        {
            for (var j = 0; j < result.Models.Count; j++)
            {
                if (result.Confusion[i, j] > 0)
                {
                    text.Append(
                        CultureInfo.InvariantCulture,
                        $"{CsvText.Quote(result.Models[i])},{CsvText.Quote(result.Models[j])},{result.Confusion[i, j]}\n");
                }
            }
        }

        return text.ToString();
    }

    private static HeatMap InPercent(string title, IReadOnlyList<string> names, int[,] counts)
    {
        var percent = new double[names.Count, names.Count];
        for (var i = 0; i < names.Count; i++)
        {
            var total = Enumerable.Range(0, names.Count).Sum(j => counts[i, j]);
            for (var j = 0; j < names.Count; j++)
                percent[i, j] = total == 0 ? double.NaN : 100.0 * counts[i, j] / total;
        }

        return new HeatMap(title, names, percent, 0, 100, "0");
    }
}
