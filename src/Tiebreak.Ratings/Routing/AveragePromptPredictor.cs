using Tiebreak.Core.Battles;
using Tiebreak.Core.Routing;

namespace Tiebreak.Ratings.Routing;

/// <summary>A predictor that is asked about an average prompt only: what it would say if it did not look at prompts.</summary>
/// <param name="predictor">The predictor.</param>
internal sealed class AveragePromptPredictor(IPromptPredictor predictor) : IPromptPredictor
{
    public IReadOnlyList<string> Models => predictor.Models;

    public bool UsesPrompts => false;

    public void Predict(string? prompt, ReadOnlySpan<float> vector, int reference, Span<Preference> preferences) =>
        predictor.Predict(prompt: null, vector: [], reference, preferences);
}
