namespace Tiebreak.Data.Auditing;

/// <summary>Battles between every two models: counts and win fractions.</summary>
/// <param name="Models">Rows and columns, the most frequent models first.</param>
/// <param name="Battles"><c>[i, j]</c>: battles of i against j.</param>
/// <param name="WinFraction"><c>[i, j]</c>: wins of i among those of i against j that somebody won; NaN where there are none.</param>
public sealed record PairTable(IReadOnlyList<string> Models, double[,] Battles, double[,] WinFraction);
