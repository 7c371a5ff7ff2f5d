using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Routing;

/// <summary>
/// Says from a prompt alone, before anybody has answered it, what people would vote between models: all that routing needs to know of how
/// it is predicted. Safe to call from many threads.
/// </summary>
public interface IPromptPredictor
{
    /// <summary>The models, in the order of all predictions.</summary>
    IReadOnlyList<string> Models { get; }

    /// <summary>False if the prediction is the same for every prompt.</summary>
    bool UsesPrompts { get; }

    /// <summary>
    /// How many numbers the vector of a prompt has that <see cref="Predict"/> needs; 0 where no vectors are read. Default: 0.
    /// </summary>
    int VectorSize => 0;

    /// <summary>What to expect of the battles of every model (side A) against one of them (side B).</summary>
    /// <param name="prompt">The opening prompt; null and blank ones get what holds for an average prompt.</param>
    /// <param name="vector">
    /// What an embedder made of the prompt: <see cref="VectorSize"/> numbers. Empty for a null or blank prompt.
    /// </param>
    /// <param name="reference">Place of the opponent in <see cref="Models"/>.</param>
    /// <param name="preferences">Receives one preference per model; at the place of the opponent that of a battle against itself.</param>
    void Predict(string? prompt, ReadOnlySpan<float> vector, int reference, Span<Preference> preferences);
}
