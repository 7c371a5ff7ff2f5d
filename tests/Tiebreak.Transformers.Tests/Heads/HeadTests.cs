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
    private const int Battles = 5;

    private readonly RandomWeights _weights = new(seed: 8);

    [Fact]
    public void Siamese_puts_both_sides_beside_each_other()
    {
        using var scope = NewDisposeScope();
        var pooled = _weights.Tensor("sides", 2 * Battles, Hidden);
        using var head = new SiameseHead(
            new ClassifierHead(
                _weights.Linear("dense", 2 * Hidden, 4, hasBias: true), Activation.Tanh, _weights.Linear("out", 4, 3, hasBias: true)));

        double[][] both = [.. _weights.Matrix("sides").Chunk(2).Select(sides => (double[])[.. sides[0], .. sides[1]])];
        var dense = Map(Formulas.Linear(both, _weights.Matrix("dense.weight"), _weights.Vector("dense.bias")), Math.Tanh);
        Near.Equal(Formulas.Linear(dense, _weights.Matrix("out.weight"), _weights.Vector("out.bias")), head.Forward(pooled));
        Assert.Equal(3, head.Outputs);
    }

    [Fact]
    public void Rewards_are_a_score_for_each_side()
    {
        using var scope = NewDisposeScope();
        var pooled = _weights.Tensor("sides", 2 * Battles, Hidden);
        using var head = new RewardHead(new ClassifierHead(_weights.Linear("v_head", Hidden, 1, hasBias: false)));

        double[][] scores = [.. _weights.Matrix("sides").Select(side => Dot(side, _weights.Vector("v_head.weight"))).Chunk(2)];
        Near.Equal(scores, head.Forward(pooled));
        Assert.Equal(1, head.Outputs);
    }

    [Fact]
    public void Answers_are_the_same_logits_as_those_of_the_whole_vocabulary()
    {
        using var scope = NewDisposeScope();
        var pooled = _weights.Tensor("a", Battles, Hidden);
        using var generator = new GeneratorHead(_weights.Words("lm_head.weight", 20, Hidden, asStored: false), softcap: 2);
        using var head = new AnswerHead(generator, [[3, 11], [0], [19]]);

        double[][] all = Map(Formulas.Linear(_weights.Matrix("a"), _weights.Matrix("lm_head.weight")), logit => 2 * Math.Tanh(logit / 2));
        Near.Equal(all, generator.Forward(pooled));
        Near.Equal(
            [.. all.Select(row => new[] { Math.Log(Math.Exp(row[3]) + Math.Exp(row[11])), row[0], row[19] })],
            head.Forward(pooled));
    }

    [Theory]
    [InlineData(20, "vocabulary has 20 entries")]
    [InlineData(3, "stands for two answers")]
    public void Answers_that_cannot_be_told_apart_are_refused(int token, string message)
    {
        using var generator = new GeneratorHead(_weights.Words("lm_head.weight", 20, Hidden, asStored: false), softcap: null);
        Refuses([[3], [token]], message);
        Refuses([[3], []], "has no token");

        void Refuses(int[][] answers, string part)
        {
            var exception = Assert.Throws<InputException>(() => new AnswerHead(generator, answers));
            Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        }
    }
}
