using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Judging.Capabilities;

/// <summary>The hidden states of a language model for the texts of battles.</summary>
public interface IStateSource
{
    /// <summary>Computes the states of battles; all vectors are in memory at once.</summary>
    /// <param name="battles">The battles.</param>
    /// <param name="pooling">How the hidden states of a text become one vector.</param>
    /// <param name="progress">Receives the number of texts done, four a battle.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>The states of each battle, in the order of <paramref name="battles"/>.</returns>
    /// <exception cref="TiebreakException">
    /// A vector is not finite, or memory is too small; the battle is named where it is one.
    /// </exception>
    Task<PooledStates[]> EmbedAsync(
        IReadOnlyList<Battle> battles,
        EmbeddingPooling pooling = EmbeddingPooling.Mean,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default);
}

/// <summary>How the hidden states of a text become one vector.</summary>
public enum EmbeddingPooling
{
    /// <summary>The mean over all tokens, special ones included.</summary>
    Mean,

    /// <summary>The token that heads read: the first of an encoder, the last of a decoder.</summary>
    Token,
}
