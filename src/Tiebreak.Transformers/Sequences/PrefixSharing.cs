namespace Tiebreak.Transformers.Sequences;

/// <summary>What a model allows sequences to share.</summary>
internal sealed record PrefixSharing
{
    /// <summary>The token that never stands for a sequence as its last; see <see cref="PackedTokens.Padding"/>.</summary>
    public int? Padding { get; init; }

    /// <summary>
    /// Where one sequence is longer, nothing is shared, because its tokens are turned by other angles (LongRoPE); null: no limit.
    /// </summary>
    public int? LengthLimit { get; init; }

    /// <summary>
    /// Whether a prefix of all sequences can be kept from one batch to the next: where the head reads nothing but the last token.
    /// </summary>
    public bool KeepsPrefix { get; init; }

    /// <summary>What a model allows; null: nothing, for its tokens see those after them.</summary>
    /// <param name="backbone">The model.</param>
    /// <param name="padding">See <see cref="Padding"/>.</param>
    /// <param name="read">What the head reads.</param>
    public static PrefixSharing? Of(Backbone backbone, int? padding, TokenSelection read) => backbone.IsCausal
        ? new()
        {
            Padding = padding,
            LengthLimit = backbone.LongRopeLimit,
            KeepsPrefix = read is TokenSelection.LastToken,
        }
        : null;
}
