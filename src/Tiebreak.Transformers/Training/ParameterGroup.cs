using static TorchSharp.torch;

namespace Tiebreak.Transformers.Training;

/// <summary>Parameters that learn at one rate.</summary>
/// <param name="Tensors">The parameters, all on one device; they belong to the model.</param>
/// <param name="LearningRate">The size of a step.</param>
/// <param name="WeightDecay">The share of every parameter that is taken away in a step, in units of the learning rate.</param>
internal sealed record ParameterGroup(IReadOnlyList<Tensor> Tensors, double LearningRate, double WeightDecay);
