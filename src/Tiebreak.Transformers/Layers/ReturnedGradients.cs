using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>
/// Gradients that a backward pass returns to libtorch, which takes them after the call and says nothing when it has. They are freed when
/// the next ones are returned: a dispose scope would keep those of all layers until the end of the step.
/// </summary>
internal static class ReturnedGradients
{
    [ThreadStatic]
    private static Tensor?[]? _returned;

    /// <summary>Frees the last ones and keeps these.</summary>
    /// <param name="gradients">One for each argument of the function, outside of every dispose scope; null for none.</param>
    /// <returns>The gradients.</returns>
    public static List<Tensor> Keep(Tensor?[] gradients)
    {
        foreach (var tensor in _returned ?? [])
            tensor?.Dispose();
        _returned = gradients;
        return [.. gradients.Select(gradient => gradient!)];
    }
}
