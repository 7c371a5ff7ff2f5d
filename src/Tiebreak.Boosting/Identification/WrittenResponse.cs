namespace Tiebreak.Boosting.Identification;

/// <summary>A response and who wrote it.</summary>
/// <param name="Text">All turns of the side, joined by line breaks.</param>
/// <param name="Model">The model.</param>
/// <param name="Fold">Its fold in cross-validation, from 0.</param>
public readonly record struct WrittenResponse(string Text, string Model, int Fold);
