namespace Tiebreak.Transformers.Weights;

/// <summary>A linear layer that a model takes from its checkpoint.</summary>
/// <param name="Name">The name in Hugging Face's spelling, without <c>.weight</c>.</param>
/// <param name="Inputs">Size of what goes in.</param>
/// <param name="Outputs">Size of what comes out.</param>
/// <param name="HasBias">Whether there is a bias.</param>
public sealed record LinearShape(string Name, int Inputs, int Outputs, bool HasBias);
