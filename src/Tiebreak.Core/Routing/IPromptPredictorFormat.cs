using Tiebreak.Core.Judging;

namespace Tiebreak.Core.Routing;

/// <summary>
/// A kind of <see cref="IPromptPredictor"/>: how it is trained and opened. Whoever opens a routing policy says which kind it knows.
/// </summary>
public interface IPromptPredictorFormat
{
    /// <summary>The name of the kind in policies.</summary>
    string Kind { get; }

    /// <summary>Versions of what decides what the predictor computes besides Tiebreak itself.</summary>
    IReadOnlyDictionary<string, string> Versions { get; }

    /// <summary>Opens the predictor.</summary>
    /// <param name="folder">The folder; its files have been checked against their hashes.</param>
    /// <exception cref="InputException">The files do not fit together.</exception>
    IPromptPredictor Open(string folder);

    /// <summary>
    /// Trains on battles that name both models. Only opening prompts and verdicts are looked at, and, where the battles have states, those
    /// of the prompt: the vector that an embedder made of it.
    /// </summary>
    /// <param name="job">The battles with their folds.</param>
    /// <param name="cancellationToken">Stops the training.</param>
    /// <exception cref="TiebreakException">Too little data, or no convergence.</exception>
    TrainedPromptPredictor Train(TrainingJob job, CancellationToken cancellationToken = default);
}
