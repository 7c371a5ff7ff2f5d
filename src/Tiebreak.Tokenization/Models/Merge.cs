namespace Tiebreak.Tokenization.Models;

/// <summary>A rule of byte-pair encoding: two neighbouring tokens become one.</summary>
/// <param name="Left">Id of the first token.</param>
/// <param name="Right">Id of the second token.</param>
/// <param name="Rank">Rules of lower rank go first.</param>
/// <param name="Result">Id of the token they become.</param>
internal readonly record struct Merge(int Left, int Right, int Rank, int Result);
