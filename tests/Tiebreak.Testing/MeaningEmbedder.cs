using Tiebreak.Core.Embeddings;

namespace Tiebreak.Testing;

/// <summary>An embedder for stated meanings: texts of one meaning have the same vector, others stand at right angles.</summary>
/// <param name="meaning">The number of a text's meaning, from 0 and below the dimension.</param>
public sealed class MeaningEmbedder(Func<string, int> meaning) : ITextEmbedder
{
    /// <inheritdoc/>
    public string ModelId { get; init; } = "meanings";

    /// <inheritdoc/>
    public int Dimension { get; init; } = 4;

    /// <inheritdoc/>
    public IReadOnlyList<string> Languages { get; init; } = ["English"];

    /// <summary>Texts whose words the embedder does not know.</summary>
    public Predicate<string> IsForeign { get; init; } = _ => false;

    /// <inheritdoc/>
    public bool KnowsWords(string text) => !IsForeign(text);

    /// <inheritdoc/>
    public Task<float[][]> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken = default)
    {
        Assert.DoesNotContain(texts, string.IsNullOrWhiteSpace);
        return Task.FromResult<float[][]>([.. texts.Select(text =>
        {
            var vector = new float[Dimension];
            vector[meaning(text)] = 1;
            return vector;
        })]);
    }
}
