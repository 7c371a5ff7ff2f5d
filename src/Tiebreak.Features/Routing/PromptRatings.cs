using System.Numerics.Tensors;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Routing;
using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.Routing;

/// <summary>
/// Strengths of models that depend on the prompt, in the way of Prompt-to-Leaderboard (Frick et al., arXiv 2502.14855) with a linear model
/// in place of its language model: strength of m = θ_m + w_m · x, tie parameter = τ + t · x, x the features of the prompt, and Davidson's
/// model (1970) over them: P(A) : P(B) : P(tie) = e^(d/2) : e^(-d/2) : e^τ, d the difference of strengths. Without features it is
/// Davidson's model itself.
/// </summary>
internal sealed class PromptRatings : IPromptPredictor
{
    private readonly float[] _weights;
    private readonly float[] _tieWeights;

    /// <param name="models">The names.</param>
    /// <param name="strengths">Of an average prompt, one per model.</param>
    /// <param name="tie">ln of Davidson's ν on an average prompt; null if there are no ties.</param>
    /// <param name="features">What is looked at in prompts; null for nothing.</param>
    /// <param name="weights"><c>[features, models]</c>.</param>
    /// <param name="tieWeights">One per feature.</param>
    public PromptRatings(
        IReadOnlyList<string> models, double[] strengths, double? tie, PromptFeatures? features, float[] weights, float[] tieWeights)
    {
        (Models, Strengths, Tie, Features, _weights, _tieWeights) = (models, strengths, tie, features, weights, tieWeights);
    }

    public IReadOnlyList<string> Models { get; }

    public bool UsesPrompts => Features is not null;

    public int VectorSize => Features?.VectorSize ?? 0;

    public double[] Strengths { get; }

    public double? Tie { get; }

    public PromptFeatures? Features { get; }

    public ReadOnlySpan<float> Weights => _weights;

    public ReadOnlySpan<float> TieWeights => _tieWeights;

    public void Predict(string? prompt, ReadOnlySpan<float> vector, int reference, Span<Preference> preferences) =>
        Predict(Features?.Of(prompt, vector) ?? new TermVector([], []), reference, preferences);

    /// <summary>The same for the features of a prompt, which ratings without features pass over.</summary>
    public void Predict(TermVector prompt, int reference, Span<Preference> preferences)
    {
        if (Features is null)
            prompt = new TermVector([], []);
        var changes = new float[Models.Count];
        var ties = 0.0;
        for (var k = 0; k < prompt.Indices.Length; k++)
        {
            TensorPrimitives.MultiplyAdd(
                _weights.AsSpan(prompt.Indices[k] * changes.Length, changes.Length), prompt.Values[k], changes, changes);
            ties += _tieWeights[prompt.Indices[k]] * prompt.Values[k];
        }

        var opponent = Strengths[reference] + changes[reference];
        for (var m = 0; m < changes.Length; m++)
            preferences[m] = Davidson(Strengths[m] + changes[m] - opponent, Tie + ties);
    }

    /// <summary>What a difference of strengths makes of a battle.</summary>
    /// <param name="difference">Strength of A less that of B.</param>
    /// <param name="tie">ln ν, or null: there are no ties.</param>
    public static Preference Davidson(double difference, double? tie)
    {
        var half = difference / 2;
        if (tie is { } score)
            return Preference.FromScores(half, -half, score);
        var win = 1 / (1 + Math.Exp(-difference));
        return new Preference(win, 1 - win, 0);
    }
}
