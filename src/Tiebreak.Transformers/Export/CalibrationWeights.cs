using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Export;

/// <summary>
/// The weights of a model that runs once, over calibration rows. A linear layer's weight is read when the layer is computed and freed
/// after, so that one layer is in memory at a time; who calibrates sees what goes in first, and may compute with another weight from then
/// on.
/// </summary>
/// <param name="inner">Where weights come from.</param>
/// <param name="observe">
/// Called once a layer with its name, its inputs [tokens, in] and the opened layer; gives what to compute with instead, or null.
/// </param>
internal sealed class CalibrationWeights(WeightSource inner, Func<string, Tensor, Linear, Linear?> observe) : PassedWeights(inner)
{
    /// <inheritdoc/>
    public override Linear Linear(string name, int inputs, int outputs, bool hasBias) =>
        new ObservedLinear(() => base.Linear(name, inputs, outputs, hasBias), (input, linear) => observe(name, input, linear));

    private sealed class ObservedLinear(Func<Linear> open, Func<Tensor, Linear, Linear?> observe) : Linear
    {
        private Linear? _instead;
        private bool _seen;

        public override Tensor? Bias => throw new NotSupportedException("A layer that calibrates is only computed.");

        public override Tensor Forward(Tensor input)
        {
            if (_instead is not null)
                return _instead.Forward(input);
            using var linear = open();
            if (!_seen)
            {
                _instead = observe(input, linear);
                _seen = true;
            }

            return (_instead ?? linear).Forward(input);
        }

        public override Tensor Weight(ScalarType type) => throw new NotSupportedException("A layer that calibrates is only computed.");
    }
}
