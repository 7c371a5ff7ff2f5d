using Tiebreak.Core.Battles;

namespace Tiebreak.Explorer.Index;

/// <summary>Equal votes on two models in a period.</summary>
/// <param name="Period">The period, for instance 2024-05; a week by its Monday.</param>
/// <param name="ModelA">The model behind side A.</param>
/// <param name="ModelB">The model behind side B.</param>
/// <param name="Winner">What was voted.</param>
/// <param name="Count">How often.</param>
internal readonly record struct PeriodVotes(string Period, string ModelA, string ModelB, Verdict Winner, int Count);
