namespace Tiebreak.Torch.Checkpoints.Pickles;

/// <summary>A pickle that is damaged, or that asks for something other than tensors.</summary>
/// <param name="message">What it asks for.</param>
internal sealed class PickleException(string message) : Exception(message);
