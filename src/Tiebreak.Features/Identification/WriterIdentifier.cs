using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.Identification;

/// <summary>
/// Tells which of several models wrote a response, from its words, its runs of characters and its style. Each says something for each
/// model, and weights that were fitted on responses nobody had seen make probabilities of it. Safe to call from many threads.
/// </summary>
public sealed class WriterIdentifier
{
    private const string WordsFile = "words.tsv";
    private const string CharactersFile = "characters.tsv";
    private const string StyleFile = "style.tsv";

    private readonly ModelIdentifier _words;
    private readonly ModelIdentifier _characters;
    private readonly StyleClassifier _style;
    private readonly double[] _weights;

    internal WriterIdentifier(ModelIdentifier words, ModelIdentifier characters, StyleClassifier style, double[] weights) =>
        (_words, _characters, _style, _weights) = (words, characters, style, weights);

    /// <summary>The models, in the order of all probabilities.</summary>
    public IReadOnlyList<string> Models => _words.Models;

    internal StyleClassifier Style => _style;

    /// <summary>How much words, characters and style count.</summary>
    internal IReadOnlyList<double> Weights => _weights;

    /// <summary>The probability that each model wrote a response.</summary>
    /// <param name="response">
    /// The response, or all responses of one side joined by line breaks; a blank one gives the models' shares.
    /// </param>
    public double[] Identify(string? response)
    {
        if (string.IsNullOrWhiteSpace(response))
            return [.. _words.Priors.Select(Math.Exp)];
        float[][] scores =
        [
            _words.Scores(_words.Vocabulary.Vectorise(response)),
            _characters.Scores(_characters.Vocabulary.Vectorise(response)),
            _style.Scores(WritingStyle.Of(response)),
        ];
        return EvidenceWeights.Combine(scores, _words.Priors, _weights);
    }

    /// <summary>What in a response speaks for a model against the average of all, strongest first.</summary>
    /// <param name="response">The response.</param>
    /// <param name="model">Place of the model in <see cref="Models"/>.</param>
    public IReadOnlyList<WriterEvidence> Explain(string response, int model)
    {
        var evidence = new List<WriterEvidence>();
        AddTerms(_words, "word", 0);
        AddTerms(_characters, "characters", 1);
        var style = WritingStyle.Of(response);
        var means = new float[style.Length];
        for (var m = 0; m < Models.Count; m++)
        {
            foreach (var (k, value) in _style.Evidence(style, m).Index())
                means[k] += value / Models.Count;
        }

        foreach (var (k, value) in _style.Evidence(style, model).Index())
            evidence.Add(new WriterEvidence("style", WritingStyle.Names[k].Replace('_', ' '), _weights[2] * (value - means[k])));
        return [.. evidence.Where(one => one.Nats != 0).OrderByDescending(one => Math.Abs(one.Nats))
            .ThenBy(one => one.What, StringComparer.Ordinal)];

        void AddTerms(ModelIdentifier part, string kind, int place)
        {
            var vector = part.Vocabulary.Vectorise(response);
            for (var k = 0; k < vector.Indices.Length; k++)
            {
                var row = part.Weights.Slice(vector.Indices[k] * Models.Count, Models.Count);
                evidence.Add(new WriterEvidence(
                    kind,
                    part.Vocabulary.Terms[vector.Indices[k]],
                    _weights[place] * vector.Values[k] * (row[model] - System.Numerics.Tensors.TensorPrimitives.Average(row))));
            }
        }
    }

    internal async Task SaveAsync(string folder)
    {
        await IdentifierFile.WriteAsync(Path.Combine(folder, WordsFile), _words).ConfigureAwait(false);
        await IdentifierFile.WriteAsync(Path.Combine(folder, CharactersFile), _characters).ConfigureAwait(false);
        await _style.WriteAsync(Path.Combine(folder, StyleFile)).ConfigureAwait(false);
    }

    internal static WriterIdentifier Read(string folder, IReadOnlyList<double> weights)
    {
        var words = IdentifierFile.Read(Path.Combine(folder, WordsFile));
        return new WriterIdentifier(
            words, IdentifierFile.Read(Path.Combine(folder, CharactersFile), TermKind.Characters),
            StyleClassifier.Read(Path.Combine(folder, StyleFile), words.Models.Count), [.. weights]);
    }
}

/// <summary>One thing in a response that speaks for or against a model.</summary>
/// <param name="Kind">word, characters or style.</param>
/// <param name="What">The word or pair of words, the run of characters, or what is counted.</param>
/// <param name="Nats">How much it says, in nats, compared with the average of all models; below 0 it speaks against.</param>
public readonly record struct WriterEvidence(string Kind, string What, double Nats);
