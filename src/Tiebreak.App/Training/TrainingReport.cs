using System.Text.Json.Serialization;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;

namespace Tiebreak.App.Training;

/// <summary>What the report of a training says about any judge kind; the parts that a kind does not have are null.</summary>
/// <param name="Scale">The factor of a transformer's logits that was fitted on the votes.</param>
/// <param name="TieParameter">The tie parameter that was fitted on the votes.</param>
/// <param name="Bias">What was added to the logits of A, B and tie.</param>
/// <param name="ChatTemplate">Where the words around a conversation come from: folder, file or vocabulary.</param>
/// <param name="Tuning">How the weights of a transformer learned; null where they stayed as they were.</param>
/// <param name="GroupImportances">Share of the gain of each group of features, largest first.</param>
/// <param name="Sources">The sources of the training data.</param>
/// <param name="NeitherAcceptable">How well it is foretold that neither response is acceptable; null where that was not learned.</param>
/// <param name="Teachers">The files of other judges' preferences that were learned from too; null for none.</param>
/// <param name="Weights">How much the battles counted; null where all counted the same.</param>
/// <param name="Ablation">The losses without each group of features.</param>
internal sealed record TrainingReport(
    double? Scale,
    double? TieParameter,
    IReadOnlyList<double>? Bias,
    string? ChatTemplate,
    TrainingSteps? Tuning,
    Dictionary<string, double>? GroupImportances,
    IReadOnlyList<TrainingSource>? Sources,
    AcceptabilityResult? NeitherAcceptable,
    IReadOnlyList<DataFingerprint>? Teachers,
    TrainingWeights? Weights,
    IReadOnlyList<AblatedGroup>? Ablation);

/// <summary>Steps of a training, and the log loss at each evaluation on the way.</summary>
internal sealed record TrainingSteps(int Steps, IReadOnlyList<double> Evaluations);

/// <summary>A source of training data.</summary>
internal sealed record TrainingSource(
    string Source, bool Target, int Rows, double? Weight, double? Gain, [property: JsonPropertyName("gain_ci")] Interval? GainInterval);

/// <summary>The weights that battles had.</summary>
internal sealed record TrainingWeights(string File, double Least, double Most, double EffectiveBattles, double LogLoss);

/// <summary>The loss of a judge without a group of features.</summary>
internal sealed record AblatedGroup(string Without, double LogLoss, double Difference);
