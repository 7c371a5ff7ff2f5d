using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Tiebreak.Core.Abstention;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Licences;
using Tiebreak.Core.Training;

namespace Tiebreak.Core.Bundles;

/// <summary>The file <c>judge.json</c>: everything about a saved judge but its weights.</summary>
public sealed record BundleManifest : FolderManifest
{
    /// <summary>The judge kind; see <see cref="JudgeRegistry"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The order of all probabilities in the bundle: A, B, tie.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>The recipe's options with every default filled in.</summary>
    public required JsonObject Recipe { get; init; }

    /// <summary>Whether the judge is asked in both orders.</summary>
    public required SwapPolicy Swap { get; init; }

    /// <summary>
    /// The temperature that fits the out-of-fold or held-out preferences best; see <see cref="Core.Calibration.Temperature"/>.
    /// </summary>
    public required double Temperature { get; init; }

    /// <summary>What is done to the judge's preferences, in this order; null for <see cref="Temperature"/> and nothing else.</summary>
    public IReadOnlyList<ICalibration>? Calibration { get; init; }

    /// <summary>When the judge leaves a battle to a person; null if it never does.</summary>
    public AbstentionRule? Abstention { get; init; }

    /// <summary>Sets of outcomes that hold the verdict with a promised probability; null for none.</summary>
    public PredictionSetRule? PredictionSets { get; init; }

    /// <summary>The class shares of the training data: A, B, tie.</summary>
    public required IReadOnlyList<double> Priors { get; init; }

    /// <summary>The battles that were held out for <see cref="Validation"/>; null where it comes from cross-validation.</summary>
    public HoldoutSummary? Holdout { get; init; }

    /// <summary>Metrics of out-of-fold or held-out preferences, calibrated across folds.</summary>
    public required JsonObject Validation { get; init; }

    /// <summary>
    /// What the training found out besides the judge; see <see cref="TrainedJudge.Report"/>. Not in bundles of older versions.
    /// </summary>
    public JsonObject? Training { get; init; }

    /// <summary>
    /// What the parts of the judge say of their licences: weights, and the rows that it was trained on. Null where nothing says anything,
    /// and in bundles of older versions.
    /// </summary>
    [JsonInclude]
    internal IReadOnlyList<LicenceStatement>? Licences { get; init; }

    /// <summary>What is done to the judge's preferences, in this order.</summary>
    [JsonIgnore]
    public IReadOnlyList<ICalibration> CalibrationSteps => Calibration ?? [new Temperature(Temperature)];

    /// <summary>The class shares of the training data as a preference.</summary>
    [JsonIgnore]
    public Preference Prior => new(Priors[0], Priors[1], Priors[2]);

    /// <summary>Whether labels, priors, temperature, calibration and rules can have been written by this program.</summary>
    [JsonIgnore]
    internal bool IsPossible => Labels.SequenceEqual(["A", "B", "tie"], StringComparer.Ordinal) && Priors.Count == 3 && Temperature > 0
        && CalibrationSteps.All(step => step is { IsValid: true })
        && Abstention is null or { IsPossible: true } && PredictionSets is null or { IsPossible: true };

    /// <summary>What the judge names; null where it leaves the battle to a person, as <see cref="AbstainedBy"/> says.</summary>
    internal Outcome? Decide(Preference answer, string? abstainedBy) =>
        AbstainedBy(answer, abstainedBy) is null ? Abstention?.Outcome.Of(answer) ?? answer.Top : null;

    /// <summary>
    /// Why the judge leaves a battle to a person; null if it does not. The rule of the bundle alone decides, where there is one: its
    /// promise is about the very answers that it allows.
    /// </summary>
    /// <param name="answer">What the judge says, calibrated and averaged over orders as when the rule was fitted.</param>
    /// <param name="abstainedBy">Why what is inside of the bundle would, such as the members of an ensemble; null for not.</param>
    internal string? AbstainedBy(Preference answer, string? abstainedBy) =>
        Abstention is not { } rule ? abstainedBy : rule.Answers(answer) ? null : rule.Name;
}
