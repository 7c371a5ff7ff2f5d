using CsCheck;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Randomness;
using Tiebreak.Transformers.Judges.Readings;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Judges;

/// <summary>What is fitted on votes: known parameters are found again, nothing nearby is better, and odd data breaks nothing.</summary>
public sealed class ReadingTests
{
    [Theory]
    [InlineData(nameof(TieKind.RaoKupper), 0.07, 0.45)]
    [InlineData(nameof(TieKind.RaoKupper), 3, 1.4)]
    [InlineData(nameof(TieKind.Davidson), 0.07, 0.6)]
    [InlineData(nameof(TieKind.Davidson), 3, 2)]
    public void Scale_and_tie_parameter_are_found_again(string name, double scale, double tie)
    {
        var kind = Enum.Parse<TieKind>(name);
        var ties = TieModel.Create(kind, tie);
        var random = new SeededRandom(5);
        var (outputs, targets) = (new List<float[]>(), new List<Preference>());
        for (var i = 0; i < 20_000; i++)
        {
            float[] scores = [(float)((4 / scale * random.NextDouble()) + 7), (float)((4 / scale * random.NextDouble()) + 7)];
            outputs.Add(scores);
            targets.Add(Draw(ties.Of(scale * (scores[0] - (double)scores[1])), ref random));
        }

        var start = new ScoreReading(kind, null, null);
        var fitted = start.Fit(outputs, targets);
        Assert.Equal(scale, fitted.Parameters.Scale, 0.06 * scale);
        Assert.Equal(tie, fitted.Parameters.TieParameter!.Value, 0.06 * tie);

        // Nothing nearby is better.
        foreach (var (s, t) in new[] { (0.99, 1.0), (1.01, 1.0), (1.0, 0.99), (1.0, 1.01) })
        {
            var near = new ScoreReading(
                kind, null, null, new ReadingParameters(s * fitted.Parameters.Scale, [0, 0, 0], t * fitted.Parameters.TieParameter!.Value));
            Assert.True(Loss(near, outputs, targets) > Loss(fitted, outputs, targets));
        }

        var half = new ScoreReading(kind, fixedScale: scale, fixedTie: null).Fit(outputs, targets);
        Assert.Equal(scale, half.Parameters.Scale);
        Assert.Equal(tie, half.Parameters.TieParameter!.Value, 0.06 * tie);
    }

    [Fact]
    public void Scale_and_bias_of_answers_are_found_again()
    {
        var random = new SeededRandom(6);
        var (outputs, targets) = (new List<float[]>(), new List<Preference>());
        for (var i = 0; i < 20_000; i++)
        {
            var (a, b, tie) = (Normal(ref random), Normal(ref random), Normal(ref random));

            // Too sure of itself by a factor of four, in love with B, and the tie comes first.
            outputs.Add([(float)(4 * (tie - 0.3)), (float)(4 * a), (float)(4 * (b + 0.8))]);
            targets.Add(Draw(Preference.FromScores(a, b, tie), ref random));
        }

        var fitted = new LabelReading([1, 2, 0], isFixed: false, ReadingParameters.Plain).Fit(outputs, targets);
        Assert.Equal(0.25, fitted.Parameters.Scale, 0.01);
        Assert.Equal(-0.3, fitted.Parameters.Bias[0], 0.07);
        Assert.Equal(-1.1, fitted.Parameters.Bias[1], 0.07);
        Assert.Equal(0, fitted.Parameters.Bias[2]);
    }

    [Fact]
    public void Where_the_score_of_B_comes_first_the_sides_are_exchanged()
    {
        float[] scores = [0.3f, 1.9f];
        Assert.Equal(
            new ScoreReading(TieKind.RaoKupper, 1, 0.4).Read(scores).Swapped(),
            new ScoreReading(TieKind.RaoKupper, 1, 0.4, isReversed: true).Read(scores));
    }

    [Theory]
    [InlineData(nameof(TieKind.RaoKupper))]
    [InlineData(nameof(TieKind.Davidson))]
    public void Odd_votes_give_finite_parameters(string name)
    {
        var kind = Enum.Parse<TieKind>(name);
        float[][] outputs = [.. Enumerable.Range(0, 40).Select(i => new[] { i - 19.5f, 0 })];
        foreach (var targets in new[]
        {
            outputs.Select(_ => Preference.Certain(Outcome.Tie)), // nothing but ties
            outputs.Select(row => Preference.Certain(row[0] > 0 ? Outcome.A : Outcome.B)), // no tie, perfectly told apart
            outputs.Select(row => Preference.Certain(row[0] > 0 ? Outcome.B : Outcome.A)), // the wrong way round
        })
        {
            Preference[] votes = [.. targets];
            var fitted = new ScoreReading(kind, null, null).Fit(outputs, votes);
            Assert.True(double.IsFinite(fitted.Parameters.Scale) && fitted.Parameters.Scale > 0, $"{fitted.Parameters}");
            Assert.True(
                double.IsFinite(fitted.Parameters.TieParameter!.Value) && fitted.Parameters.TieParameter > 0, $"{fitted.Parameters}");
            Assert.All(outputs, row => Assert.True(fitted.Read(row).IsValid));

            float[][] answers = [.. outputs.Select(row => new[] { row[0], -row[0], 0 })];
            var labels = new LabelReading([0, 1, 2], isFixed: false, ReadingParameters.Plain).Fit(answers, votes);
            Assert.True(labels.Parameters.Scale > 0);
            Assert.All(answers, row => Assert.True(labels.Read(row).IsValid));
        }
    }

    [Theory]
    [InlineData(nameof(TieKind.RaoKupper), 0.4)]
    [InlineData(nameof(TieKind.RaoKupper), 2)]
    [InlineData(nameof(TieKind.Davidson), 0.7)]
    public void One_battle_and_a_tensor_of_them_agree(string name, double parameter)
    {
        var kind = Enum.Parse<TieKind>(name);
        var ties = TieModel.Create(kind, parameter);
        double[] differences = [-800, -30, -1, -1e-9, 0, 0.3, 5, 40, 1000];
        using var scope = NewDisposeScope();
        var expected = ties.LogProbabilities(tensor(differences)).exp().data<double>().ToArray().Chunk(3).ToArray();
        for (var i = 0; i < differences.Length; i++)
        {
            var preference = ties.Of(differences[i]);
            Assert.True(preference.IsValid);
            Assert.Equal(expected[i][0], preference.A, 1e-12);
            Assert.Equal(expected[i][1], preference.B, 1e-12);
            Assert.Equal(expected[i][2], preference.Tie, 1e-12);
        }
    }

    /// <summary>What a training takes its loss from is what the judge says, for every kind of reading.</summary>
    [Fact]
    public void A_batch_with_gradients_is_read_like_one_battle()
    {
        float[][] scores = [[0.3f, 1.9f], [-4, 2], [50, -50], [0, 0]];
        float[][] labels = [[0.3f, 1.9f, -2], [-4, 2, 0], [50, -50, 1], [0, 0, 0]];
        foreach (var kind in Enum.GetValues<TieKind>())
        {
            Same(new ScoreReading(kind, 0.7, 0.4), scores);
            Same(new ScoreReading(kind, 0.7, 0.4, isReversed: true), scores);
            Same(new ScoreReading(kind, 0.7, 0.4), [.. scores.Select(row => row[..1])]);
        }

        Same(new LabelReading([1, 2, 0], isFixed: true, new ReadingParameters(0.25, [0.1, -0.2, 0], null)), labels);
        Same(new ProbeReading(new ProbeWeights([0.4], [-0.3], [0.2], 0.1, 1), penalty: null), scores);

        static void Same(OutputReading reading, float[][] outputs)
        {
            using var scope = NewDisposeScope();
            var batch = tensor([.. outputs.SelectMany(row => row)], [outputs.Length, outputs[0].Length], dtype: ScalarType.Float64);
            var read = reading.LogProbabilities(batch.requires_grad_());
            for (var i = 0; i < outputs.Length; i++)
            {
                var expected = reading.Read(outputs[i]);
                Assert.Equal(expected.A, Math.Exp(read[i, 0].item<double>()), 1e-12);
                Assert.Equal(expected.B, Math.Exp(read[i, 1].item<double>()), 1e-12);
                Assert.Equal(expected.Tie, Math.Exp(read[i, 2].item<double>()), 1e-12);
            }

            read.select(1, 2).sum().backward();
            Assert.True(batch.grad!.isfinite().all().item<bool>() && batch.grad!.abs().sum().item<double>() > 0);
        }
    }

    [Fact]
    public void Tie_models_give_probabilities_at_any_difference() => Gen.Select(Gen.Double[-500, 500], Gen.Double[0.001, 20]).Sample(
        (difference, parameter) =>
        {
            using var scope = NewDisposeScope();
            foreach (var ties in new[] { TieModel.Create(TieKind.RaoKupper, parameter), TieModel.Create(TieKind.Davidson, parameter) })
            {
                var forward = ties.LogProbabilities(tensor([difference]));
                var backward = ties.LogProbabilities(tensor([-difference]));
                Assert.True(forward.isfinite().all().item<bool>());
                Assert.Equal(1, forward.exp().sum().item<double>(), 1e-9);
                Assert.Equal(forward[0, 0].item<double>(), backward[0, 1].item<double>(), 1e-9);
                Assert.Equal(forward[0, 2].item<double>(), backward[0, 2].item<double>(), 1e-9);
            }
        },
        iter: 50, threads: 1);

    [Fact]
    public void Tie_models_are_those_of_their_papers()
    {
        foreach (var d in new[] { -3, -0.2, 0, 1.7 })
        {
            var (a, b) = (1 / (1 + Math.Exp(0.4 - d)), 1 / (1 + Math.Exp(0.4 + d)));
            Equal([a, b, 1 - a - b], TieModel.Create(TieKind.RaoKupper, 0.4).Of(d));

            var sum = Math.Exp(d / 2) + Math.Exp(-d / 2) + 0.7;
            Equal([Math.Exp(d / 2) / sum, Math.Exp(-d / 2) / sum, 0.7 / sum], TieModel.Create(TieKind.Davidson, 0.7).Of(d));
        }

        static void Equal(double[] expected, Preference actual)
        {
            Assert.Equal(expected[0], actual.A, 1e-12);
            Assert.Equal(expected[1], actual.B, 1e-12);
            Assert.Equal(expected[2], actual.Tie, 1e-12);
        }
    }

    private static double Loss(OutputReading reading, List<float[]> outputs, List<Preference> targets) =>
        outputs.Zip(targets, (row, target) => LogLoss.Of(reading.Read(row), target)).Sum();

    private static Preference Draw(Preference preference, ref SeededRandom random)
    {
        var at = random.NextDouble();
        return Preference.Certain(at < preference.A ? Outcome.A : at < preference.A + preference.B ? Outcome.B : Outcome.Tie);
    }

    private static double Normal(ref SeededRandom random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
