using CsCheck;
using Tiebreak.Core;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Tests.Reference;
using static Tiebreak.Transformers.Tests.Reference.Formulas;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Heads;

public sealed class HeadTests
{
    private const int Hidden = 6;
    private const int Rows = 5;

    private readonly RandomWeights _weights = new(seed: 8);

    [Fact]
    public void Siamese_puts_both_sides_beside_each_other()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (_weights.Tensor("a", Rows, Hidden), _weights.Tensor("b", Rows, Hidden));
        using var head = new SiameseHead(new ClassifierHead(
            _weights.Linear("dense", 2 * Hidden, 4, hasBias: true), Activation.Tanh, _weights.Linear("out", 4, 3, hasBias: true)));

        double[][] both = [.. _weights.Matrix("a").Zip(_weights.Matrix("b"), (x, y) => (double[])[.. x, .. y])];
        var dense = Map(Formulas.Linear(both, _weights.Matrix("dense.weight"), _weights.Vector("dense.bias")), Math.Tanh);
        Near.Equal(Formulas.Linear(dense, _weights.Matrix("out.weight"), _weights.Vector("out.bias")), head.Forward(a, b));
    }

    [Fact]
    public void Rewards_follow_Rao_and_Kupper_or_Davidson()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (_weights.Tensor("a", Rows, Hidden), _weights.Tensor("b", Rows, Hidden));
        var linear = _weights.Linear("v_head", Hidden, 1, hasBias: false);
        using var raoKupper = new RewardHead(new ClassifierHead(linear), TieModel.RaoKupper(0.4));
        using var davidson = new RewardHead(new ClassifierHead(linear), TieModel.Davidson(0.7));

        double[] differences = [.. _weights.Matrix("a")
            .Zip(_weights.Matrix("b"), (x, y) => Dot(x, _weights.Vector("v_head.weight")) - Dot(y, _weights.Vector("v_head.weight")))];
        Near.Equal([.. differences.Select(d => RaoKupper(d, 0.4))], raoKupper.Forward(a, b).exp());
        Near.Equal([.. differences.Select(d => Davidson(d, 0.7))], davidson.Forward(a, b).exp());
        Near.Equal([.. differences.Select(d => RaoKupper(-d, 0.4))], raoKupper.Forward(b, a).exp());
    }

    [Fact]
    public void Regression_is_one_number_with_room_for_ties()
    {
        using var scope = NewDisposeScope();
        var pooled = _weights.Tensor("a", Rows, Hidden);
        using var head = new RegressionHead(
            new ClassifierHead(_weights.Linear("value", Hidden, 1, hasBias: true)), TieModel.RaoKupper(0.25));

        var values = Formulas.Linear(_weights.Matrix("a"), _weights.Matrix("value.weight"), _weights.Vector("value.bias"));
        Near.Equal(values, head.Values(pooled).unsqueeze(1));
        Near.Equal([.. values.Select(value => RaoKupper(value[0], 0.25))], head.Forward(pooled).exp());
    }

    [Fact]
    public void Tie_models_give_probabilities_at_any_difference() => Gen.Select(Gen.Double[-500, 500], Gen.Double[0.001, 20]).Sample(
        (difference, parameter) =>
        {
            using var scope = NewDisposeScope();
            foreach (var model in new[] { TieModel.RaoKupper(parameter), TieModel.Davidson(parameter) })
            {
                var forward = model.LogProbabilities(tensor([difference]));
                var backward = model.LogProbabilities(tensor([-difference]));
                Assert.True(forward.isfinite().all().item<bool>());
                Assert.Equal(1, forward.exp().sum().item<double>(), 1e-9);
                Assert.Equal(forward[0, 0].item<double>(), backward[0, 1].item<double>(), 1e-9);
                Assert.Equal(forward[0, 2].item<double>(), backward[0, 2].item<double>(), 1e-9);
            }
        },
        iter: 50, threads: 1);

    [Fact]
    public void Answers_are_the_same_logits_as_those_of_the_whole_vocabulary()
    {
        using var scope = NewDisposeScope();
        var pooled = _weights.Tensor("a", Rows, Hidden);
        using var head = new GeneratorHead(_weights.Tensor("lm_head.weight", 20, Hidden), softcap: 2);

        double[][] all = Map(Formulas.Linear(_weights.Matrix("a"), _weights.Matrix("lm_head.weight")), logit => 2 * Math.Tanh(logit / 2));
        Near.Equal(all, head.Forward(pooled));
        Near.Equal(
            [.. all.Select(row => new[] { Math.Log(Math.Exp(row[3]) + Math.Exp(row[11])), row[0], row[19] })],
            head.Answers(pooled, [[3, 11], [0], [19]]));
    }

    [Theory]
    [InlineData(20, "vocabulary has 20 entries")]
    [InlineData(3, "stands for two answers")]
    public void Answers_that_cannot_be_told_apart_are_refused(int token, string message)
    {
        using var pooled = _weights.Tensor("a", 1, Hidden);
        using var head = new GeneratorHead(_weights.Tensor("lm_head.weight", 20, Hidden), softcap: null);
        Assert.Contains(
            message, Assert.Throws<InputException>(() => head.Answers(pooled, [[3], [token]])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "has no token", Assert.Throws<InputException>(() => head.Answers(pooled, [[3], []])).Message, StringComparison.Ordinal);
    }

    private static double[] RaoKupper(double d, double eta)
    {
        var (a, b) = (1 / (1 + Math.Exp(eta - d)), 1 / (1 + Math.Exp(eta + d)));
        return [a, b, 1 - a - b];
    }

    private static double[] Davidson(double d, double nu)
    {
        var sum = Math.Exp(d / 2) + Math.Exp(-d / 2) + nu;
        return [Math.Exp(d / 2) / sum, Math.Exp(-d / 2) / sum, nu / sum];
    }
}
