using Tiebreak.Core.Judging;
using Tiebreak.Core.Routing;

namespace Tiebreak.Features.Routing;

/// <summary>
/// The kind "prompt-ratings": strengths of models that depend linearly on what is counted in a prompt and on its words (see
/// docs/routing.md). Its file is <c>prompt_ratings.tsv</c>.
/// </summary>
/// <param name="options">What is looked at and tried in training; null for the defaults.</param>
public sealed class PromptRatingsFormat(PromptRatingsOptions? options = null) : IPromptPredictorFormat
{
    /// <inheritdoc/>
    public string Kind => "prompt-ratings";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Versions { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IPromptPredictor Open(string folder) => PromptRatingsFile.Read(Path.Combine(folder, PromptRatingsFile.Name));

    /// <inheritdoc/>
    public TrainedPromptPredictor Train(TrainingJob job, CancellationToken cancellationToken = default) =>
        new PromptRatingsTrainer(job, options ?? new PromptRatingsOptions(), cancellationToken).Train();
}
