namespace Tiebreak.Core.Battles;

/// <summary>
/// What a language model made of a battle: its pooled hidden states of the prompt, of each response, and of the whole battle. A judge that
/// learned from states needs them of every battle. A text that is missing in every turn has none.
/// </summary>
/// <param name="Prompt">State of the prompt: <c>[hidden]</c>.</param>
/// <param name="ResponseA">State of the response of A: <c>[hidden]</c>.</param>
/// <param name="ResponseB">State of the response of B: <c>[hidden]</c>.</param>
/// <param name="Pair">State of the whole battle, A shown first; of another size where another model made it.</param>
public sealed record PooledStates(
    IReadOnlyList<float>? Prompt, IReadOnlyList<float>? ResponseA, IReadOnlyList<float>? ResponseB, IReadOnlyList<float>? Pair)
{
    /// <summary>
    /// The states of the same battle with A and B exchanged. <see cref="Pair"/> stays: the model would have to read the other order.
    /// </summary>
    public PooledStates Swapped() => this with { ResponseA = ResponseB, ResponseB = ResponseA };
}
