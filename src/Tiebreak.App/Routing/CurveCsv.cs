using System.Globalization;
using System.Text;
using Tiebreak.Core.Files;
using Tiebreak.Ratings.Routing;

namespace Tiebreak.App.Routing;

/// <summary>A cost/quality curve as CSV: the policy, the same without prompts, and one model for everything.</summary>
internal static class CurveCsv
{
    public static string Of(CostQualityCurve curve)
    {
        var text = new StringBuilder(
            "what,threshold,cost,cost_share,reference_share,quality,quality_lower,quality_upper,votes,unseen_share,random_quality\n");
        Append("policy", curve.Points);
        Append("without prompts", curve.WithoutPrompts);
        foreach (var (model, estimate) in curve.Always)
            AppendLine(CsvText.Quote("always " + model), "", estimate, "");
        return text.ToString();

        void Append(string what, IReadOnlyList<CurvePoint> points)
        {
            foreach (var point in points)
            {
                AppendLine(
                    what, point.Threshold.ToString("R", CultureInfo.InvariantCulture), point.Estimate,
                    point.RandomQuality.ToString("R", CultureInfo.InvariantCulture));
            }
        }

        void AppendLine(string what, string threshold, RoutingEstimate one, string random) => text.Append(
            CultureInfo.InvariantCulture,
            $"{what},{threshold},{one.Cost:R},{one.CostShare:R},{one.ReferenceShare:R},{one.Quality:R},{one.QualityInterval.Lower:R},")
            .Append(CultureInfo.InvariantCulture, $"{one.QualityInterval.Upper:R},{one.Votes},{one.UnseenShare:R},{random}\n");
    }
}
