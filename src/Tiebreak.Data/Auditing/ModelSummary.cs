namespace Tiebreak.Data.Auditing;

/// <summary>How one model fared.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Battles">Battles it fought.</param>
/// <param name="WinRate">Its wins among battles that somebody won.</param>
/// <param name="TieRate">Ties among its battles.</param>
public sealed record ModelSummary(string Model, int Battles, double WinRate, double TieRate);
