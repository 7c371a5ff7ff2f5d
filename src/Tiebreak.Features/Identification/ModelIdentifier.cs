using System.Numerics.Tensors;
using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.Identification;

/// <summary>
/// Tells which of several models wrote a response: naive Bayes over TF-IDF vectors, each model weighed against all others (the complement
/// and weight normalisation of Rennie et al., "Tackling the poor assumptions of naive Bayes text classifiers", ICML 2003), with a
/// temperature that makes its probabilities honest. Safe to call from many threads.
/// </summary>
internal sealed class ModelIdentifier
{
    private readonly TermVocabulary _vocabulary;
    private readonly float[] _weights;
    private readonly double[] _priors;

    internal ModelIdentifier(TermVocabulary vocabulary, IReadOnlyList<string> models, float[] weights, double[] priors, double sharpness)
    {
        _vocabulary = vocabulary;
        Models = models;
        _weights = weights;
        _priors = priors;
        Sharpness = sharpness;
    }

    /// <summary>The models, in the order of all probabilities.</summary>
    public IReadOnlyList<string> Models { get; }

    /// <summary>
    /// What scores are multiplied by before they become probabilities; fitted on responses that the identifier had not seen.
    /// </summary>
    public double Sharpness { get; }

    internal TermVocabulary Vocabulary => _vocabulary;

    /// <summary>The weights, <c>[terms, models]</c>: above 0 a term speaks for a model.</summary>
    internal ReadOnlySpan<float> Weights => _weights;

    /// <summary>ln of the share of each model's responses in the training data.</summary>
    internal IReadOnlyList<double> Priors => _priors;

    /// <summary>The probability that each model wrote a response.</summary>
    /// <param name="response">
    /// The response, or all responses of one side joined by line breaks; an empty one gives the models' shares.
    /// </param>
    public double[] Identify(string? response) => Identify(_vocabulary.Vectorise(response ?? ""));

    /// <summary>What in a response speaks for a model, strongest first, in nats.</summary>
    /// <param name="response">The response.</param>
    /// <param name="model">Place of the model in <see cref="Models"/>.</param>
    public IReadOnlyList<(string Term, double Evidence)> Explain(string? response, int model)
    {
        var vector = _vocabulary.Vectorise(response ?? "");
        return
        [
            .. vector.Indices
                .Select((term, k) => (_vocabulary.Terms[term], Sharpness * vector.Values[k] * _weights[(term * Models.Count) + model]))
                .OrderByDescending(term => Math.Abs(term.Item2)).ThenBy(term => term.Item1, StringComparer.Ordinal),
        ];
    }

    internal double[] Identify(TermVector vector)
    {
        var scores = Scores(vector);
        var probabilities = new double[scores.Length];
        for (var m = 0; m < scores.Length; m++)
            probabilities[m] = (Sharpness * scores[m]) + _priors[m];
        TensorPrimitives.SoftMax<double>(probabilities, probabilities);
        return probabilities;
    }

    /// <summary>The raw score of each model.</summary>
    internal float[] Scores(TermVector vector)
    {
        var scores = new float[Models.Count];
        for (var k = 0; k < vector.Indices.Length; k++)
        {
            TensorPrimitives.MultiplyAdd(
                _weights.AsSpan(vector.Indices[k] * scores.Length, scores.Length), vector.Values[k], scores, scores);
        }

        return scores;
    }
}
