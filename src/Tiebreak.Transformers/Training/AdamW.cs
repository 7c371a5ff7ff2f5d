using System.Globalization;
using Tiebreak.Torch.Kernels;
using Tiebreak.Torch.Operators;
using Tiebreak.Torch.Quantization;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Training;

/// <summary>
/// AdamW (https://arxiv.org/abs/1711.05101). The parameters of a group are updated as one vector in float32, because an adapter is hundreds
/// of small tensors. Of parameters in another type a copy in float32 is kept ("master weights"), so that steps that are smaller than the
/// type's rounding add up.
/// </summary>
internal sealed class AdamW : IDisposable
{
    private readonly Group[] _groups;
    private readonly AdamWOptions _options;

    /// <summary>Starts with no past.</summary>
    /// <param name="groups">What is updated.</param>
    /// <param name="options">Rates.</param>
    public AdamW(IReadOnlyList<ParameterGroup> groups, AdamWOptions options) =>
        (_groups, _options) = ([.. groups.Select(group => new Group(group))], options);

    /// <summary>Steps taken.</summary>
    public int Steps { get; private set; }

    /// <summary>
    /// What the next step depends on beside parameters and <see cref="Steps"/>, by name: to be written to a file, and read back into
    /// it before the next step.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> State => _groups
        .SelectMany((group, i) => group.State.Select(
            part => KeyValuePair.Create(string.Create(CultureInfo.InvariantCulture, $"adamw.{i}.{part.Key}"), part.Value)))
        .ToDictionary(StringComparer.Ordinal);

    /// <summary>Continues after so many steps; <see cref="State"/> must be that of then.</summary>
    public void ContinueAfter(int steps) => Steps = steps;

    /// <summary>The gradients of the step so far, group by group.</summary>
    public IReadOnlyList<GradientSums> Sums => Array.ConvertAll(_groups, group => group.Gradients);

    /// <summary>
    /// Adds the parameters' gradients to those of the step, in float32, and clears them: a batch may be computed in parts, each of which
    /// ends with this.
    /// </summary>
    public void Accumulate()
    {
        foreach (var group in _groups)
            group.Gradients.Accumulate();
    }

    /// <summary>The length of the step's gradient, of all parameters together.</summary>
    public double GradientNorm()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        return Math.Sqrt(_groups.Sum(group => Math.Pow(group.Gradients.Sum.norm().item<float>(), 2)));
    }

    /// <summary>The parameters with the gradients of the step so far, each [numbers].</summary>
    public IEnumerable<(Tensor Parameter, Tensor Gradient)> Gradients => Sums.SelectMany(sums => sums.Places(sums.Sum));

    /// <summary>Forgets the gradients of the step, which is not taken.</summary>
    public void Forget()
    {
        using var mode = no_grad();
        foreach (var group in _groups)
            _ = group.Gradients.Sum.zero_();
    }

    /// <summary>Takes one step along the accumulated gradients and forgets them.</summary>
    /// <param name="rate">The factor of all learning rates.</param>
    /// <param name="gradientScale">What gradients are multiplied by.</param>
    public void Step(double rate = 1, double gradientScale = 1)
    {
        using var mode = no_grad();
        Steps++;
        foreach (var group in _groups)
            group.Step(_options, Steps, rate, gradientScale);
    }

    public void Dispose()
    {
        foreach (var group in _groups)
            group.Dispose();
    }

    private sealed class Group : IDisposable
    {
        private readonly ParameterGroup _of;
        private readonly Tensor _mean; // [numbers]: of gradients, decaying
        private readonly Tensor _square; // [numbers]: of squared gradients, decaying
        private readonly Tensor? _master; // [numbers]: the parameters; null: they are in float32 themselves

        public Group(ParameterGroup of)
        {
            using var scope = NewDisposeScope();
            using var mode = no_grad();
            _of = of;
            Gradients = new GradientSums(of.Tensors);
            _mean = zeros_like(Gradients.Sum).DetachFromDisposeScope();
            _square = zeros_like(Gradients.Sum).DetachFromDisposeScope();
            _master = of.Tensors.All(tensor => tensor.dtype is ScalarType.Float32) ? null : Values().DetachFromDisposeScope();
        }

        public GradientSums Gradients { get; }

        public IEnumerable<KeyValuePair<string, Tensor>> State
        {
            get
            {
                yield return KeyValuePair.Create("mean", _mean);
                yield return KeyValuePair.Create("square", _square);
                if (_master is not null)
                    yield return KeyValuePair.Create("master", _master);
            }
        }

        public void Step(AdamWOptions options, int steps, double rate, double gradientScale)
        {
            using var scope = NewDisposeScope();

            // Both averages began at 0, and are too small by these factors.
            var (ofMean, ofSquare) = (1 - Math.Pow(options.MeanDecay, steps), 1 - Math.Pow(options.SquareDecay, steps));
            var learningRate = rate * _of.LearningRate;
            var keeps = 1 - (learningRate * _of.WeightDecay);
            if (_of.Tensors.All(TensorMemory.HoldsPlain))
            {
                var step = new AdamWStep(
                    (float)gradientScale, (float)options.MeanDecay, (float)(1 - options.MeanDecay), (float)options.SquareDecay,
                    (float)(1 - options.SquareDecay), (float)Math.Sqrt(ofSquare), (float)options.Epsilon, (float)keeps,
                    (float)(learningRate / ofMean));
                StepInOnePass(step);
                return;
            }

            var gradient = Gradients.Sum;
            if (gradientScale != 1)
                _ = gradient.MultiplyInPlace(gradientScale);
            _ = _mean.MultiplyInPlace(options.MeanDecay).AddInPlace(gradient, alpha: 1 - options.MeanDecay);
            _ = _square.MultiplyInPlace(options.SquareDecay).AddProductInPlace(gradient, gradient, 1 - options.SquareDecay);
            _ = gradient.zero_();
            var size = _square.sqrt().DivideInPlace(Math.Sqrt(ofSquare)).AddInPlace(options.Epsilon);
            var values = _master ?? Values();
            _ = values.MultiplyInPlace(keeps).AddQuotientInPlace(_mean, size, -learningRate / ofMean);
            foreach (var (parameter, place) in Gradients.Places(values))
                _ = parameter.copy_(place.view(parameter.shape));
        }

        public void Dispose()
        {
            Gradients.Dispose();
            _mean.Dispose();
            _square.Dispose();
            _master?.Dispose();
        }

        private void StepInOnePass(AdamWStep step)
        {
            var (gradients, means, squares) = (Gradients.Places(Gradients.Sum), Gradients.Places(_mean), Gradients.Places(_square));
            var masters = _master is null ? _of.Tensors.Select(_ => (Tensor?)null) : Gradients.Places(_master).Select(place => place.Place);
            foreach (var ((parameter, gradient), master, (mean, square)) in gradients.Zip(
                masters, means.Zip(squares, (mean, square) => (mean.Place, square.Place))))
            {
                AdamWKernel.Step(parameter, master, gradient, mean, square, step);
            }
        }

        private Tensor Values() => cat([.. _of.Tensors.Select(tensor => tensor.to(ScalarType.Float32).flatten())]);
    }
}
