namespace Tiebreak.Transformers;

/// <summary>The beginning of one hidden state, to compare with another program's.</summary>
/// <param name="Row">The row's number, from 0.</param>
/// <param name="Position">The token's number in its row, from 0, padding not counted.</param>
/// <param name="Layer">
/// 0: the embedding; i: the output of layer i. The last is the final hidden state, after a decoder's final norm.
/// </param>
/// <param name="Values">The first values.</param>
public sealed record HiddenSample(int Row, int Position, int Layer, IReadOnlyList<float> Values);
