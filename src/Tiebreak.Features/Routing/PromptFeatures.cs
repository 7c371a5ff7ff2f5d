using System.Globalization;
using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.Routing;

/// <summary>
/// A prompt as numbers: what is counted in it, scaled to mean 0 and standard deviation 1 over the training prompts and divided by the root
/// of their number; where there is an embedder, its vector of the prompt less the mean vector, scaled to a mean square length of 1; then
/// TF-IDF weights of its words and pairs of words, of length 1. All parts so have about the same size.
/// </summary>
internal sealed class PromptFeatures
{
    /// <summary>More of a prompt is not looked at: choosing stays fast whatever somebody pastes.</summary>
    public const int MaxCharacters = 16_384;

    private const double Extreme = 4;

    private PromptFeatures(TermVocabulary vocabulary, float[] means, float[] scales) =>
        (Vocabulary, Means, Scales) = (vocabulary, means, scales);

    public TermVocabulary Vocabulary { get; }

    /// <summary>The mean of each count, and of each number of the vectors, over the training prompts.</summary>
    public float[] Means { get; }

    /// <summary>What they are multiplied by after the mean is subtracted; 0 for what never varies.</summary>
    public float[] Scales { get; }

    /// <summary>How many numbers the vector of a prompt has; 0 without an embedder.</summary>
    public int VectorSize => Means.Length - PromptCount.All.Count;

    public int Count => Means.Length + Vocabulary.Terms.Count;

    /// <summary>The name of a feature.</summary>
    public string NameOf(int feature) =>
        feature < Means.Length ? ScaledName(feature) : $"\"{Vocabulary.Terms[feature - Means.Length]}\"";

    /// <summary>The name of what is scaled: a count, or a number of the vector.</summary>
    public static string ScaledName(int feature) => feature < PromptCount.All.Count
        ? PromptCount.All[feature].Name
        : string.Create(CultureInfo.InvariantCulture, $"embedding {feature - PromptCount.All.Count}");

    /// <summary>Takes terms and scales from training prompts.</summary>
    /// <param name="prompts">Different prompts.</param>
    /// <param name="vectors">What an embedder made of them; empty without one.</param>
    /// <param name="options">How many terms.</param>
    public static PromptFeatures Fit(
        IReadOnlyList<string> prompts, IReadOnlyList<IReadOnlyList<float>> vectors, PromptRatingsOptions options)
    {
        var vocabulary = TermVocabulary.Build(
            TermKind.Words, [.. prompts.Select(Cut)], new TermOptions { MaxTerms = options.MaxTerms, MinTexts = options.MinPrompts });
        var values = prompts.Select(prompt => CountsOf(Cut(prompt))).ToList();
        var counts = PromptCount.All.Count;
        var size = counts + (vectors.Count == 0 ? 0 : vectors[0].Count);
        var (means, scales) = (new float[size], new float[size]);
        for (var k = 0; k < counts; k++)
        {
            var mean = values.Average(row => row[k]);
            var deviation = Math.Sqrt(values.Average(row => (row[k] - mean) * (row[k] - mean)));
            (means[k], scales[k]) = ((float)mean, deviation < 1e-9 ? 0 : (float)(1 / (deviation * Math.Sqrt(counts))));
        }

        var meanSquare = 0.0;
        for (var k = counts; k < size; k++)
        {
            means[k] = (float)vectors.Average(vector => (double)vector[k - counts]);
            meanSquare += vectors.Average(vector => Math.Pow(vector[k - counts] - means[k], 2));
        }

        scales.AsSpan(counts).Fill(meanSquare < 1e-9 ? 0 : (float)(1 / Math.Sqrt(meanSquare)));
        return new PromptFeatures(vocabulary, means, scales);
    }

    /// <summary>Takes what <see cref="Fit"/> found and was saved.</summary>
    public static PromptFeatures Of(TermVocabulary vocabulary, float[] means, float[] scales) => new(vocabulary, means, scales);

    /// <summary>The features of a prompt; of a blank one, none: it is an average prompt.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="vector">What the embedder made of it; empty without one, or for a blank prompt.</param>
    /// <exception cref="ArgumentException">The vector has another size than those of the training.</exception>
    public TermVector Of(string? prompt, ReadOnlySpan<float> vector)
    {
        if (string.IsNullOrWhiteSpace(prompt))
            return new TermVector([], []);
        if (vector.Length != VectorSize)
            throw new ArgumentException($"The vector has {vector.Length} numbers instead of {VectorSize}.", nameof(vector));

        var text = Cut(prompt);
        var (counts, terms) = (CountsOf(text), Vocabulary.Vectorise(text));
        var (indices, values) = (new int[Means.Length + terms.Indices.Length], new float[Means.Length + terms.Indices.Length]);
        var reach = (float)(Extreme / Math.Sqrt(counts.Length));
        for (var k = 0; k < counts.Length; k++)
            (indices[k], values[k]) = (k, Math.Clamp(((float)counts[k] - Means[k]) * Scales[k], -reach, reach));
        for (var k = counts.Length; k < Means.Length; k++)
            (indices[k], values[k]) = (k, (vector[k - counts.Length] - Means[k]) * Scales[k]);
        for (var k = 0; k < terms.Indices.Length; k++)
            (indices[Means.Length + k], values[Means.Length + k]) = (Means.Length + terms.Indices[k], terms.Values[k]);
        return new TermVector(indices, values);
    }

    private static string Cut(string prompt) => prompt.Length <= MaxCharacters ? prompt : prompt[..MaxCharacters];

    private static double[] CountsOf(string prompt)
    {
        var counts = PromptCounts.Of(prompt);
        var values = new double[PromptCount.All.Count];
        for (var k = 0; k < values.Length; k++)
            values[k] = PromptCount.All[k].Value(counts);
        return values;
    }
}
