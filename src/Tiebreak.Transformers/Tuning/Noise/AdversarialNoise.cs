using Tiebreak.Torch.Operators;
using Tiebreak.Transformers.Training;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tuning.Noise;

/// <summary>
/// Moves weights a little in the direction in which the loss grows fastest, for a second gradient of the same examples: the model learns
/// to be right around its weights too. <c>fgm</c> moves the word embeddings (https://arxiv.org/abs/1605.07725), <c>awp</c> all matrices
/// that learn (https://arxiv.org/abs/2004.05884).
/// </summary>
internal sealed class AdversarialNoise
{
    private readonly AdversarialOptions _options;
    private readonly HashSet<Tensor> _moved;

    private AdversarialNoise(AdversarialOptions options, IEnumerable<Tensor> moved) =>
        (_options, _moved) = (options, new HashSet<Tensor>(moved, ReferenceEqualityComparer.Instance));

    /// <summary>The noise of a recipe; null where it wants none.</summary>
    /// <param name="kind">What is moved; null: nothing.</param>
    /// <param name="options">How far, and from when on.</param>
    /// <param name="parameters">What learns.</param>
    /// <exception cref="Core.InputException">What is to be moved does not learn.</exception>
    public static AdversarialNoise? Of(AdversarialKind? kind, AdversarialOptions options, ParameterSet parameters)
    {
        var matrices = parameters.Tensors.Where(parameter => parameter.Value.dim() > 1).ToList();
        if (kind is AdversarialKind.Weights)
            return new AdversarialNoise(options, matrices.Select(matrix => matrix.Value));
        if (kind is null)
            return null;

        // The table of words is the largest of them: positions and types have fewer rows.
        var words = matrices.Where(matrix => ParameterRates.IsOfEmbedding(matrix.Key)).Select(matrix => matrix.Value)
            .OrderByDescending(matrix => matrix.numel()).FirstOrDefault()
            ?? throw new Core.InputException("The recipe's key \"tuning.adversarial.kind\" is fgm, which moves the word embeddings, but "
                + "they do not learn here. Take awp, or tuning.method full with all layers.");
        return new AdversarialNoise(options, [words]);
    }

    /// <summary>Whether a step has it.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="steps">All steps.</param>
    public bool IsOn(int step, int steps) => step >= _options.Start * steps;

    /// <summary>Moves the weights until the result is disposed.</summary>
    /// <param name="gradients">Parameters with their gradients.</param>
    public IDisposable Move(IEnumerable<(Tensor Parameter, Tensor Gradient)> gradients)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var moved = gradients.Where(pair => _moved.Contains(pair.Parameter)).ToList();
        var kept = new KeptValues(moved.Select(pair => pair.Parameter));
        foreach (var (parameter, gradient) in moved)
        {
            var length = gradient.norm().item<float>();
            if (length > 0)
            {
                var size = _options.Size * parameter.to(ScalarType.Float32).norm().item<float>();
                _ = parameter.AddInPlace(gradient.view(parameter.shape).Multiply(size / length).to(parameter.dtype));
            }
        }

        return kept;
    }
}

/// <summary>The recipe's section <c>tuning.adversarial</c>.</summary>
internal sealed record AdversarialOptions
{
    /// <summary><c>none</c>, <c>fgm</c> (word embeddings are moved) or <c>awp</c> (all matrices that learn).</summary>
    public string Kind { get; init; } = "none";

    /// <summary>How far a matrix is moved, as a share of its length.</summary>
    public double Size { get; init; } = 0.005;

    /// <summary>The share of the steps before the first one that has it.</summary>
    public double Start { get; init; }
}

/// <summary>What adversarial noise moves.</summary>
internal enum AdversarialKind
{
    /// <summary>The word embeddings (FGM).</summary>
    Embeddings,

    /// <summary>All matrices that learn (AWP).</summary>
    Weights,
}
