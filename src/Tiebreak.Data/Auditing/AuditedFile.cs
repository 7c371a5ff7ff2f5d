using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Auditing;

/// <summary>One file of an audit.</summary>
/// <param name="Name">Its name, as tables show it.</param>
/// <param name="Battles">Its battles.</param>
/// <param name="Problems">Its rows with problems.</param>
/// <param name="IsTest">True for data that will be predicted: what it shares with the other files is a leak.</param>
public sealed record AuditedFile(string Name, IReadOnlyList<Battle> Battles, IReadOnlyList<RowProblem> Problems, bool IsTest);
