using CsCheck;
using Tiebreak.Torch;
using Tiebreak.Transformers.Judges.Readings;
using Tiebreak.Transformers.Training;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Training;

/// <summary>The loss against teachers, against its formula computed number by number.</summary>
public sealed class DistillationLossTests
{
    private const double Rounding = 2e-5;

    private static readonly LabelReading Reading = new([0, 1, 2], isFixed: true, ReadingParameters.Plain);

    private static readonly Gen<double[]> Logits = Gen.Double[-3, 3].Array[3].Where(logits => Length(Centred(logits)) > 0.1);

    public DistillationLossTests() => TorchRuntime.Start();

    [Fact]
    public void It_is_the_divergence_and_the_angle() =>
        Gen.Select(Logits, Logits, Logits, Gen.Double[0, 1], Gen.Double[0.5, 4], Gen.Double[0, 2]).Sample(
            (student, first, second, share, temperature, cosine) =>
            {
                var options = new DistillationOptions
                {
                    Share = share,
                    Temperature = temperature,
                    Cosine = cosine,
                    Weights = [3, 1],
                };
                var expected = ((1 - share) * -LogSoftmax(student)[0])
                    + (0.75 * Against(first)) + (0.25 * Against(second));
                Assert.Equal(expected, Loss(options, student, first, second), Rounding * (1 + Math.Abs(expected)));

                // A teacher that says nothing leaves its weight to the other; with none the battle keeps its own loss.
                var alone = ((1 - share) * -LogSoftmax(student)[0]) + Against(second);
                Assert.Equal(alone, Loss(options, student, null, second), Rounding * (1 + Math.Abs(alone)));
                Assert.Equal(-LogSoftmax(student)[0], Loss(options, student, null, null), Rounding);

                double Against(double[] teacher)
                {
                    var p = LogSoftmax([.. teacher.Select(value => value / temperature)]);
                    var q = LogSoftmax([.. student.Select(value => value / temperature)]);
                    var divergence = p.Zip(q, (of, other) => Math.Exp(of) * (of - other)).Sum();
                    var (t, s) = (Centred(teacher), Centred(student));
                    var angle = 1 - (t.Zip(s, (one, other) => one * other).Sum() / (Length(t) * Length(s)));
                    return (share * temperature * temperature * divergence) + (cosine * angle);
                }
            },
            iter: 100);

    [Fact]
    public void Teachers_that_are_certain_or_undecided_give_gradients_that_are_finite()
    {
        using var scope = NewDisposeScope();
        using var gradients = set_grad_enabled(true);
        var outputs = zeros(2, 3).requires_grad_();
        var teachers = tensor(new float[,,] { { { 1, 0, 0 } }, { { 1 / 3f, 1 / 3f, 1 / 3f } } });
        var loss = new PreferenceLoss(Reading, distillation: new DistillationLoss(new DistillationOptions { Cosine = 1 }));
        loss.Of(outputs, tensor(new float[,] { { 1, 0, 0 }, { 0, 1, 0 } }), teachers).Loss.sum().backward();
        Assert.All(outputs.grad!.data<float>().ToArray(), value => Assert.InRange(Math.Abs(value), 0, 2000));
    }

    private static double Loss(DistillationOptions options, double[] student, params double[]?[] teachers)
    {
        using var scope = NewDisposeScope();
        var said = teachers.SelectMany(teacher => teacher is null
            ? [float.NaN, float.NaN, float.NaN]
            : LogSoftmax(teacher).Select(value => (float)Math.Exp(value)));
        var (loss, logLoss) = new PreferenceLoss(Reading, distillation: new DistillationLoss(options)).Of(
            tensor([.. student.Select(value => (float)value)], [1, 3]),
            tensor(new float[,] { { 1, 0, 0 } }),
            tensor([.. said], [1, teachers.Length, 3]));
        Assert.Equal(-LogSoftmax(student)[0], logLoss.item<float>(), Rounding); // what is reported stays that of people's votes
        return loss.item<float>();
    }

    private static double[] LogSoftmax(double[] values)
    {
        var sum = Math.Log(values.Sum(Math.Exp));
        return [.. values.Select(value => value - sum)];
    }

    private static double[] Centred(double[] values) => [.. values.Select(value => value - values.Average())];

    private static double Length(double[] values) => Math.Sqrt(values.Sum(value => value * value));
}
