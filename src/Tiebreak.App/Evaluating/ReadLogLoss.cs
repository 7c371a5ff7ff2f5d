using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Evaluating;

/// <summary>Says what a log loss means, in verdicts foreseen and in confidence, if the judge that has it is calibrated.</summary>
public static class ReadLogLoss
{
    /// <summary>Works out the judges with some losses.</summary>
    /// <param name="losses">The losses, in nats.</param>
    /// <param name="ties">The share of ties, above 0 and below 1; A and B share the rest equally.</param>
    /// <exception cref="InputException">No calibrated judge has one of the losses.</exception>
    public static LogLossDocument Run(IReadOnlyList<double> losses, double ties)
    {
        var shares = new Preference((1 - ties) / 2, (1 - ties) / 2, ties);
        return new LogLossDocument(shares, [.. losses.Select(loss => DirichletJudge.WithLogLoss(loss, shares))]);
    }
}

/// <summary>What some log losses mean.</summary>
public sealed class LogLossDocument : IDocument
{
    private static readonly double[] Ladder = [1.08, 1.06, 1.04, 1.02, 1.00, 0.98, 0.96, 0.94, 0.92, 0.90, 0.85, 0.80];

    private readonly Preference _shares;
    private readonly IReadOnlyList<DirichletJudge> _judges;

    internal LogLossDocument(Preference shares, IReadOnlyList<DirichletJudge> judges) => (_shares, _judges) = (shares, judges);

    /// <inheritdoc/>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Title => "What a log loss means";

    /// <summary>Shares of the outcomes.</summary>
    public PerOutcome<double> Shares => PerOutcome.Of(_shares);

    /// <summary>The log loss of always predicting the shares.</summary>
    public double LogLossOfShares => DirichletJudge.LossOfShares(_shares);

    /// <summary>The calibrated judge with each loss that was asked about.</summary>
    public IEnumerable<CalibratedLoss> Judges => _judges.Select(judge => new CalibratedLoss(
        judge.LogLoss, judge.Accuracy, judge.Accuracy, judge.Brier, judge.Concentration, judge.ByConfidence));

    /// <inheritdoc/>
    public IEnumerable<Section> Sections()
    {
        var ladder = Ladder.Where(loss => loss < LogLossOfShares - 0.001).Select(loss => DirichletJudge.WithLogLoss(loss, _shares));
        return
        [
            new Paragraph(
                Invariant(
                    $"Calibrated judges on battles of which {_shares.Tie:P1} are ties; always predicting the class shares has log loss ") +
                Invariant($"{LogLossOfShares:F4}.")),
            new Paragraph("A calibrated judge foresees as many verdicts as it is sure of: its accuracy is its mean confidence."),
            new TextTable(
                Title, ["Log loss", "Accuracy", "Brier score", "Surer than 50 %", "Surer than 70 %", "Surer than 90 %"],
                [.. _judges.Concat(ladder).DistinctBy(judge => NumberText.Loss(judge.LogLoss), StringComparer.Ordinal)
                    .OrderByDescending(judge => judge.LogLoss).Select(RowOf)]),
            .. _judges.Select(judge => new TextTable(
                $"Confidence at log loss {NumberText.Loss(judge.LogLoss)}", ["Confidence", "Battles", "Foreseen"],
                [.. judge.ByConfidence.Select(bin => new[]
                {
                    Invariant($"{bin.From:P0} to {bin.To:P0}"), NumberText.Percent(bin.Rows), NumberText.Percent(bin.Accuracy),
                })])),
        ];
    }

    private string[] RowOf(DirichletJudge judge) =>
    [
        NumberText.Loss(judge.LogLoss) + (_judges.Contains(judge) ? " <" : ""), NumberText.Percent(judge.Accuracy),
        NumberText.Loss(judge.Brier), Surer(judge, 0.5), Surer(judge, 0.7), Surer(judge, 0.9),
    ];

    private static string Surer(DirichletJudge judge, double confidence) =>
        NumberText.Percent(judge.ByConfidence.Where(bin => bin.From >= confidence - 1e-9).Sum(bin => bin.Rows));
}

/// <summary>A calibrated judge with a given loss.</summary>
/// <param name="LogLoss">The loss, in nats.</param>
/// <param name="Accuracy">Share of verdicts foreseen.</param>
/// <param name="MeanConfidence">Mean of the highest probability; equals the accuracy.</param>
/// <param name="Brier">Mean Brier score.</param>
/// <param name="Concentration">How close preferences stay to the class shares; see <see cref="DirichletJudge.Concentration"/>.</param>
/// <param name="ByConfidence">How sure the judge is how often.</param>
public sealed record CalibratedLoss(
    double LogLoss, double Accuracy, double MeanConfidence, double Brier, double Concentration, IReadOnlyList<ConfidenceBin> ByConfidence);
