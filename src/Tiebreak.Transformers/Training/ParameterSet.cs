using static TorchSharp.torch;

namespace Tiebreak.Transformers.Training;

/// <summary>
/// The tensors of a model that learn, in the order in which the model asked for them, by the names that PEFT and Hugging Face give them in
/// files. They belong to the model.
/// </summary>
internal sealed class ParameterSet
{
    private readonly OrderedDictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);

    /// <summary>Name and tensor of each.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors => _tensors;

    /// <summary>Numbers that learn, of all tensors together.</summary>
    public long Count => _tensors.Values.Sum(tensor => tensor.numel());

    /// <summary>Adds a tensor.</summary>
    /// <exception cref="ArgumentException">The name is there.</exception>
    public void Add(string name, Tensor tensor) => _tensors.Add(name, tensor);
}
