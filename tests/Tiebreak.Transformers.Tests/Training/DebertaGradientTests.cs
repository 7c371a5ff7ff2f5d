using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Transformers.Judges.Readings;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Training;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Training;

/// <summary>DeBERTa-v3's gradients, tensor by tensor: along each of them the loss changes as fast as it says.</summary>
public sealed class DebertaGradientTests : IDisposable
{
    private const double Distance = 0.01;
    private const double Noticeable = 2e-3; // shorter gradients drown in the loss's rounding

    private static readonly TokenSequence[] Rows =
        [.. Enumerable.Range(0, 3).Select(i => new TokenSequence($"{i}", [.. Enumerable.Range(0, 20 + (5 * i)).Select(j => ((i * 7) + (j * j)) % 40)]))];

    private readonly TemporaryFolder _folder = new();

    public DebertaGradientTests() => TorchRuntime.Start();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_gradient_is_that_of_differences()
    {
        TinyCheckpoint.Write(_folder, TinyCheckpoint.Deberta);
        using var scope = NewDisposeScope();
        using var gradients = set_grad_enabled(true);
        using var model = TrainableModel.Create(ModelFiles.Open(_folder.Path, adapter: null));
        var loss = new PreferenceLoss(new LabelReading([0, 1, 2], isFixed: true, ReadingParameters.Plain));
        Loss().backward();
        var checkedNames = new List<string>();
        foreach (var (name, parameter) in model.Parameters.Tensors)
        {
            var gradient = parameter.grad!.clone();
            var length = gradient.norm().item<float>();
            if (length < Noticeable)
                continue;
            var slope = (Moved(Distance) - Moved(-Distance)) / (2 * Distance);
            Assert.True(Math.Abs(slope - length) < 0.04 * length, $"{name}: {slope} where the gradient says {length}");
            checkedNames.Add(name);

            double Moved(double by)
            {
                using var mode = no_grad();
                using var kept = parameter.detach().clone();
                _ = parameter.add_(gradient, alpha: by / length);
                var moved = Loss().item<float>();
                _ = parameter.copy_(kept);
                return moved;
            }
        }

        // Among them those that only disentangled attention has.
        Assert.Contains("deberta.encoder.rel_embeddings.weight", checkedNames);
        Assert.Contains("deberta.encoder.layer.0.attention.self.query_proj.weight", checkedNames);
        Assert.Contains("deberta.encoder.layer.1.attention.self.key_proj.weight", checkedNames);

        Tensor Loss() => loss.Of(model.Outputs(Rows), eye(3)).Loss.mean();
    }
}
