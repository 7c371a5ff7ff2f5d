using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Auditing;

/// <summary>Labelled battles in which A is about as much longer than B.</summary>
/// <param name="LogRatio">Mean of ln((length of A + 1) / (length of B + 1)): 0.69 means twice as long.</param>
/// <param name="Battles">How many they are.</param>
/// <param name="Shares">How they ended.</param>
public sealed record LengthBin(double LogRatio, int Battles, Preference Shares);
