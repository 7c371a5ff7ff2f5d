using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.Routing;

/// <summary>
/// A prompt as numbers: what is counted in it, scaled to mean 0 and standard deviation 1 over the training prompts and divided by the root
/// of their number, then TF-IDF weights of its words and pairs of words, of length 1. Both parts so have about the same size.
/// </summary>
internal sealed class PromptFeatures
{
    /// <summary>More of a prompt is not looked at: choosing stays fast whatever somebody pastes.</summary>
    public const int MaxCharacters = 16_384;

    private const double Extreme = 4;

    private PromptFeatures(TermVocabulary vocabulary, float[] means, float[] scales) =>
        (Vocabulary, Means, Scales) = (vocabulary, means, scales);

    public TermVocabulary Vocabulary { get; }

    /// <summary>The mean of each count over the training prompts.</summary>
    public float[] Means { get; }

    /// <summary>What each count is multiplied by after the mean is subtracted; 0 for what never varies.</summary>
    public float[] Scales { get; }

    public int Count => Means.Length + Vocabulary.Terms.Count;

    /// <summary>The name of a feature.</summary>
    public string NameOf(int feature) =>
        feature < Means.Length ? PromptCount.All[feature].Name : $"\"{Vocabulary.Terms[feature - Means.Length]}\"";

    /// <summary>Takes terms and scales from training prompts.</summary>
    /// <param name="prompts">Different prompts.</param>
    /// <param name="options">How many terms.</param>
    public static PromptFeatures Fit(IReadOnlyList<string> prompts, PromptRatingsOptions options)
    {
        var vocabulary = TermVocabulary.Build(
            TermKind.Words, [.. prompts.Select(Cut)], new TermOptions { MaxTerms = options.MaxTerms, MinTexts = options.MinPrompts });
        var values = prompts.Select(prompt => CountsOf(Cut(prompt))).ToList();
        var (means, scales) = (new float[PromptCount.All.Count], new float[PromptCount.All.Count]);
        for (var k = 0; k < means.Length; k++)
        {
            var mean = values.Average(row => row[k]);
            var deviation = Math.Sqrt(values.Average(row => (row[k] - mean) * (row[k] - mean)));
            (means[k], scales[k]) = ((float)mean, deviation < 1e-9 ? 0 : (float)(1 / (deviation * Math.Sqrt(means.Length))));
        }

        return new PromptFeatures(vocabulary, means, scales);
    }

    /// <summary>Takes what <see cref="Fit"/> found and was saved.</summary>
    public static PromptFeatures Of(TermVocabulary vocabulary, float[] means, float[] scales) => new(vocabulary, means, scales);

    /// <summary>The features of a prompt; of a blank one, none: it is an average prompt.</summary>
    public TermVector Of(string? prompt)
    {
        if (string.IsNullOrWhiteSpace(prompt))
            return new TermVector([], []);

        var text = Cut(prompt);
        var (counts, terms) = (CountsOf(text), Vocabulary.Vectorise(text));
        var (indices, values) = (new int[counts.Length + terms.Indices.Length], new float[counts.Length + terms.Indices.Length]);
        var reach = (float)(Extreme / Math.Sqrt(counts.Length));
        for (var k = 0; k < counts.Length; k++)
            (indices[k], values[k]) = (k, Math.Clamp(((float)counts[k] - Means[k]) * Scales[k], -reach, reach));
        for (var k = 0; k < terms.Indices.Length; k++)
            (indices[counts.Length + k], values[counts.Length + k]) = (counts.Length + terms.Indices[k], terms.Values[k]);
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
