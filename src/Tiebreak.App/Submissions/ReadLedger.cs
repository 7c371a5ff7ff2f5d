using System.Text.Json.Serialization;
using Tiebreak.App.Ledgers;
using Tiebreak.Core;
using Tiebreak.Core.Metrics;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Submissions;

/// <summary>Fits the line between local and leaderboard scores of a ledger.</summary>
public static class ReadLedger
{
    /// <summary>Reads and fits.</summary>
    /// <param name="path">The ledger.</param>
    /// <param name="asked">Local scores to predict the leaderboard's for.</param>
    /// <exception cref="InputException">The ledger cannot be read or has no entries, or a score is no number.</exception>
    public static LedgerDocument Run(string path, IReadOnlyList<double> asked)
    {
        var ledger = Ledger.Read(path);
        if (ledger.Entries.Count == 0)
        {
            throw new InputException(
                $"{path} has no entries. Add one first: a `name` with its local score (`cv`) or the leaderboard's (`lb`).")
            {
                Parameters = ["name", "cv", "lb"],
            };
        }

        return asked.All(double.IsFinite)
            ? new LedgerDocument(ledger, asked)
            : throw new InputException("The local scores to predict for must be numbers.");
    }
}

/// <summary>The entries of a ledger, the line through them, and what it predicts.</summary>
public sealed class LedgerDocument : IDocument
{
    private readonly Ledger _ledger;
    private readonly LineFit? _fit;
    private readonly IReadOnlyList<double> _asked;

    internal LedgerDocument(Ledger ledger, IReadOnlyList<double> asked) => (_ledger, _fit, _asked) = (ledger, ledger.Fit, asked);

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => "Ledger";

    /// <summary>The entries, oldest first.</summary>
    public IReadOnlyList<LedgerEntry> Entries => _ledger.Entries;

    /// <summary>The line LB = slope * CV + intercept; null where none follows from the entries.</summary>
    public LedgerLine? Line => _fit is null ? null : new LedgerLine(
        _fit.Points, _fit.Slope, _fit.SlopeInterval, _fit.Intercept, _fit.InterceptInterval, _fit.Residual, _fit.SlopeInterval.Lower > 0);

    /// <summary>What the line predicts for the scores that were asked about.</summary>
    public IEnumerable<PredictedScore> Predicted =>
        _fit is null ? [] : _asked.Select(cv => new PredictedScore(cv, _fit.At(cv), _fit.PredictionInterval(cv)));

    /// <inheritdoc/>
    public IEnumerable<Section> Sections() =>
    [
        new TextTable(
            Title, ["Name", "CV", "LB", "LB minus CV", "LB on the line", "Note"],
            [.. Entries.Select(entry => new[]
            {
                entry.Name, Score(entry.Cv), Score(entry.Lb),
                entry is { Cv: { } cv, Lb: { } lb } ? NumberText.Signed(lb - cv, 4) : "",
                _fit is not null && entry.Cv is { } at ? NumberText.Loss(_fit.At(at)) : "",
                entry.Note ?? "",
            })]),
        .. Sentences().Select(sentence => new Paragraph(sentence)),
        .. _fit is null || _asked.Count == 0 ? Array.Empty<Section>() :
        [
            new TextTable(
                "Predicted", ["CV", "LB", "95 % interval"],
                [.. Predicted.Select(score => new[]
                {
                    NumberText.Loss(score.Cv), NumberText.Loss(score.Lb), NumberText.Range(score.LbInterval),
                })]),
        ],
    ];

    private IEnumerable<string> Sentences()
    {
        if (_fit is null)
        {
            var both = Entries.Count(entry => entry is { Cv: not null, Lb: not null });
            yield return both < 3
                ? $"{Quantity.Of(both, "entry has", "entries have")} both scores; a line needs three."
                : "All entries have the same CV, so no line follows from them.";
            yield break;
        }

        var (sign, offset) = (_fit.Intercept < 0 ? "-" : "+", Math.Abs(_fit.Intercept));
        yield return
            Invariant($"LB = {_fit.Slope:F3} * CV {sign} {offset:F3}; slope {Range(_fit.SlopeInterval)}, ") +
            Invariant($"intercept {Range(_fit.InterceptInterval)} (95 %); scatter {_fit.Residual:F4} over {_fit.Points} entries.");
        if (_fit.SlopeInterval.Lower <= 0)
        {
            yield return "The slope may be zero or less: these entries do not show that a better CV means a better LB. " +
                "Do not rely on the line.";
        }
    }

    private static string Range(Interval interval) => Invariant($"{interval.Lower:F3} to {interval.Upper:F3}");

    private static string Score(double? score) => score is { } value ? NumberText.Loss(value) : "";
}

/// <summary>The line through local and leaderboard scores; see <see cref="LineFit"/>.</summary>
public sealed record LedgerLine(
    int Points,
    double Slope,
    [property: JsonPropertyName("slope_ci")] Interval SlopeInterval,
    double Intercept,
    [property: JsonPropertyName("intercept_ci")] Interval InterceptInterval,
    double Residual,
    bool Meaningful);

/// <summary>A leaderboard score that the line predicts.</summary>
/// <param name="Cv">The local score.</param>
/// <param name="Lb">The score on the line.</param>
/// <param name="LbInterval">Where it would lie in 95 % of the cases.</param>
public sealed record PredictedScore(double Cv, double Lb, [property: JsonPropertyName("lb_ci")] Interval LbInterval);
