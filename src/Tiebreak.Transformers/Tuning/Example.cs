namespace Tiebreak.Transformers.Tuning;

/// <summary>A battle as it is shown in a step.</summary>
/// <param name="Battle">The battle's row in the training.</param>
/// <param name="IsSwapped">Whether B is shown as A.</param>
/// <param name="Share">The part of the battle's weight that this showing has: 1, or a half where both orders are shown together.</param>
internal readonly record struct Example(int Battle, bool IsSwapped, double Share);
