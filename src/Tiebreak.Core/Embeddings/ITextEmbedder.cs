namespace Tiebreak.Core.Embeddings;

/// <summary>
/// Turns texts into vectors that point in similar directions where the texts mean similar things. Vectors have length 1, so that their dot
/// product is the cosine of the angle between them. Safe to call from many threads.
/// </summary>
public interface ITextEmbedder
{
    /// <summary>Which model embeds: vectors of different models cannot be compared.</summary>
    string ModelId { get; }

    /// <summary>How many numbers a vector has.</summary>
    int Dimension { get; }

    /// <summary>The languages that the model was trained for, by their English names; empty where the model does not say.</summary>
    IReadOnlyList<string> Languages { get; }

    /// <summary>Whether a text is longer than the model reads: its vector then says nothing of the rest.</summary>
    /// <param name="text">A text.</param>
    bool IsCut(string text) => false;

    /// <summary>Whether most words of a text are in the model's vocabulary; to a model the others are all one word.</summary>
    /// <param name="text">A text.</param>
    bool KnowsWords(string text) => true;

    /// <summary>Embeds texts.</summary>
    /// <param name="texts">Texts that are not empty. What is longer than the model reads is cut.</param>
    /// <param name="cancellationToken">Stops between batches of the model.</param>
    /// <returns>A vector of <see cref="Dimension"/> numbers for each text, in the same order.</returns>
    /// <exception cref="TiebreakException">The model gave a number that is not finite.</exception>
    Task<float[][]> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken = default);
}
