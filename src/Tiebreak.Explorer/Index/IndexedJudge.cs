namespace Tiebreak.Explorer.Index;

/// <summary>A judge whose preferences the index keeps.</summary>
/// <param name="Name">Its name in filters.</param>
/// <param name="Battles">Battles that it has come to.</param>
internal readonly record struct IndexedJudge(string Name, int Battles);
