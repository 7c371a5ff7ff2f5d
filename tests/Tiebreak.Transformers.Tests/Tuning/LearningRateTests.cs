using Tiebreak.Transformers.Tuning;

namespace Tiebreak.Transformers.Tests.Tuning;

/// <summary>How fast what learns, and when.</summary>
public sealed class LearningRateTests
{
    [Theory]
    [InlineData("cosine", new[] { 0.5, 1, 1, 0.933013, 0.75, 0.5, 0.25, 0.066987 })]
    [InlineData("linear", new[] { 0.5, 1, 1, 0.833333, 0.666667, 0.5, 0.333333, 0.166667 })]
    [InlineData("constant", new[] { 0.5, 1, 1, 1, 1, 1, 1, 1 })]
    public void Rates_rise_in_the_warm_up_and_fall_along_the_schedule(string schedule, double[] expected)
    {
        foreach (var warmup in new[] { 0.25, 2 })
        {
            var rate = new LearningRateSchedule(Enum.Parse<ScheduleKind>(schedule, ignoreCase: true), warmup, steps: 8);
            Assert.All(expected, (value, step) => Assert.Equal(value, rate.At(step), 1e-6));
        }
    }

    [Fact]
    public void A_warm_up_may_be_all_or_nothing()
    {
        Assert.Equal(1, new LearningRateSchedule(ScheduleKind.Linear, warmup: 0, steps: 3).At(0));
        Assert.Equal([1 / 3.0, 2 / 3.0, 1], Enumerable.Range(0, 3).Select(new LearningRateSchedule(ScheduleKind.Linear, 100, steps: 3).At));
    }

    [Theory]
    [InlineData("bert.embeddings.word_embeddings.weight", 0.1 * 0.5 * 0.5 * 0.5)]
    [InlineData("bert.encoder.layer.0.output.dense.weight", 0.1 * 0.5 * 0.5)]
    [InlineData("bert.encoder.layer.2.output.dense.weight", 0.1)]
    [InlineData("model.norm.weight", 0.1)]
    [InlineData("classifier.bias", 0.7)]
    [InlineData("base_model.model.bert.pooler.dense.weight", 0.7)]
    [InlineData("base_model.model.bert.encoder.layer.1.output.dense.lora_A.weight", 0.1 * 0.5)]
    [InlineData("base_model.model.bert.encoder.layer.1.output.dense.lora_B.weight", 0.1 * 0.5 * 4)]
    public void Layers_heads_and_second_matrices_have_rates_of_their_own(string name, double expected)
    {
        var options = new TuningOptions
        {
            LearningRate = 0.1,
            HeadLearningRate = 0.7,
            LayerDecay = 0.5,
            Lora = new LoraOptions { BRatio = 4 },
        };
        Assert.Equal(expected, new ParameterRates(options, ["bert.pooler.dense", "classifier"], layerCount: 3).Of(name), 1e-12);
    }

    [Fact]
    public void Only_chosen_layers_and_the_head_learn()
    {
        var rates = new ParameterRates(new TuningOptions { Layers = [-1, 0] }, ["classifier"], layerCount: 3);
        Assert.Equal([0, 2], rates.Layers);
        Assert.True(rates.Learns("encoder.layer.2.output.dense.weight"));
        Assert.False(rates.Learns("encoder.layer.1.output.dense.weight"));
        Assert.False(rates.Learns("embeddings.word_embeddings.weight"));
        Assert.True(rates.Learns("classifier.weight"));
        Assert.False(rates.Learns("pre_classifier.weight"));
    }
}
