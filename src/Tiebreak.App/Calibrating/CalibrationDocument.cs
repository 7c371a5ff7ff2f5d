using System.Text.Json;
using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Abstention;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Metrics;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Calibrating;

/// <summary>What was fitted to labelled battles, and whether it was stored in the bundle.</summary>
/// <param name="Bundle">The bundle's folder.</param>
/// <param name="Rows">Labelled battles that it was fitted to.</param>
public sealed record CalibrationDocument(string Bundle, int Rows) : IDocument
{
    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => $"Calibration of {Path.GetFileName(Path.TrimEndingDirectorySeparator(Bundle))}";

    /// <summary>Battles that the judge was trained on, or on whose prompts it was; they were left out.</summary>
    public int SeenBattles { get; init; }

    /// <summary>What another calibration gains; null where none was fitted.</summary>
    public CalibrationGain? Calibration { get; init; }

    /// <summary>The share of answers that may be wrong; null where nobody asked for a rule by which the judge abstains.</summary>
    public double? MaxError { get; init; }

    /// <summary>The probability that the rule keeps its promise.</summary>
    public double Confidence { get; init; }

    /// <summary>What the judge names when it answers.</summary>
    public NamedOutcome Outcome { get; init; }

    /// <summary>The rule; null where no threshold satisfies the bound, or nobody asked.</summary>
    public AbstentionRule? Abstention { get; init; }

    /// <summary>The least share of wrong answers that these battles could promise; null where nobody asked for a rule.</summary>
    public double? Attainable { get; init; }

    /// <summary>Error against the share of answered battles.</summary>
    public IReadOnlyList<AbstentionPoint> Curve { get; init; } = [];

    /// <summary>Sets that hold the verdict; null where nobody asked.</summary>
    public PredictionSetRule? PredictionSets { get; init; }

    /// <summary>The shares of sets with one, two and three outcomes.</summary>
    public IReadOnlyList<double> SetSizes { get; init; } = [];

    /// <summary>True if everything that was asked for is in the bundle now.</summary>
    public bool IsStored => Calibration is { } calibration ? calibration.Gain > 0 : MaxError is null || Abstention is not null;

    /// <summary>True if the bundle had rules, which another calibration drops.</summary>
    [JsonIgnore]
    public bool HadRules { get; init; }

    /// <inheritdoc/>
    public IEnumerable<Section> Sections()
    {
        yield return new Paragraph($"Fitted to {Quantity.Of(Rows, "labelled battle")} about prompts that the judge was not trained on"
            + (SeenBattles > 0 ? $"; {Quantity.Of(SeenBattles, "other was", "others were")} left out." : "."));
        if (Calibration is { } calibration)
        {
            yield return new Paragraph(calibration.Describe());
            yield return new Paragraph(!IsStored ? "The bundle stays as it is."
                : $"Wrote {Bundle}." + (HadRules ? " Its rules of abstention and sets were about the old calibration and are gone." : ""));
            yield break;
        }

        if (MaxError is { } maxError)
        {
            yield return new Paragraph(Abstention is { } rule
                ? Invariant($"Wrote {Bundle}: it answers where the entropy of its preference is at most {rule.MaxEntropy:F4} nats, ")
                    + Invariant($"which are {rule.Answered:N0} of {rule.Rows:N0} of these battles ")
                    + Invariant($"({(double)rule.Answered / rule.Rows:P1}), ")
                    + Invariant($"{rule.Errors:N0} of them wrongly. On battles from the same source at most {maxError:P0} of its ")
                    + Invariant($"answers {Meaning}, with {Confidence:P0} confidence.")
                : Invariant($"No threshold promises with {Confidence:P0} confidence that at most {maxError:P0} of the answers {Meaning}. ")
                    + Invariant($"No rule was stored. The least that these battles could promise is {Attainable:P1}."));
            yield return new TextTable(
                "Errors by how many battles are answered", ["Answered", "Wrong", "Wrong at most", "Entropy up to"],
                [.. Curve.Select(point => new[]
                {
                    NumberText.Percent(point.Answered), NumberText.Percent(point.Error), NumberText.Percent(point.ErrorBound),
                    NumberText.Of(point.MaxEntropy, "0.0000"),
                })]);
        }

        if (PredictionSets is { } sets)
        {
            yield return new Paragraph(
                Invariant($"Wrote {Bundle}: a set holds every outcome with a probability of at least {sets.LeastProbability:F4}, and the ")
                + Invariant($"verdict in {sets.Coverage:P0} of battles from the same source. {SetSizes[0]:P1} of the sets here have one ")
                + Invariant($"outcome, {SetSizes[1]:P1} two, {SetSizes[2]:P1} all three."));
        }
    }

    private string Meaning => Outcome == NamedOutcome.ThreeWay
        ? "differ from the verdict" : "name the response that people like less";
}

/// <summary>What a calibration gains on folds that it was not fitted to.</summary>
/// <param name="Method">The calibration.</param>
/// <param name="LossBefore">The log loss with the calibration that the bundle has.</param>
/// <param name="LossAfter">The log loss with the new one, each fold calibrated by the others.</param>
/// <param name="Gain">The difference; above 0 the new one is better.</param>
/// <param name="GainInterval">95 % interval of the gain: paired, by bootstrap over prompts.</param>
public sealed record CalibrationGain(
    CalibrationMethod Method,
    double LossBefore,
    double LossAfter,
    double Gain,
    [property: JsonPropertyName("gain_ci")] Interval GainInterval)
{
    internal string Describe() =>
        $"Calibration {JsonNamingPolicy.SnakeCaseLower.ConvertName(Method.ToString())}: log loss {NumberText.Loss(LossAfter)} after "
        + $"{NumberText.Loss(LossBefore)} before, on folds that it was not fitted to; a gain of {NumberText.Signed(Gain, 4)} "
        + $"(95 % interval {NumberText.Signed(GainInterval.Lower, 4)} to {NumberText.Signed(GainInterval.Upper, 4)}).";
}
