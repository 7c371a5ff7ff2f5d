using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Ratings.Routing;
using Tiebreak.Text;

namespace Tiebreak.Ratings.Tests.Routing;

public sealed class RoutingCostsTests
{
    private static readonly ModelCost Cheap = new() { Model = "cheap", PerAnswer = 0.001, Seconds = 5 };
    private static readonly ModelCost Strong = new()
    {
        Model = "strong",
        InputPerMillion = 10,
        OutputPerMillion = 30,
        OutputTokens = 200,
        Seconds = 9,
    };

    [Fact]
    public void Tokens_and_answers_are_priced()
    {
        var prompt = "Write a poem about the sea and the moon.";
        var costs = new double[2];
        RoutingCosts.Of([Cheap, Strong], "strong", RoutingObjective.Cost).Of(prompt, costs);
        Assert.Equal([0.001, ((10 * TokenEstimate.Of(prompt)) + (30 * 200)) / 1e6], costs);
        RoutingCosts.Of([Cheap, Strong], "strong", RoutingObjective.Seconds).Of(prompt, costs);
        Assert.Equal([5, 9], costs);
    }

    [Fact]
    public void Lengths_of_answers_come_from_battles()
    {
        Battle[] battles = [new()
        {
            Id = "1",
            Turns = [new Turn("p", "one two three four", "five"), new Turn("later", "six seven", "x")],
            ModelA = "strong",
            ModelB = "cheap",
        }];
        var costs = RoutingCosts.Of([Cheap, Strong with { OutputTokens = null }], "strong", RoutingObjective.Cost).WithLengthsOf(battles);
        Assert.Equal(TokenEstimate.Of("one two three four"), costs.Models[1].OutputTokens);
        Assert.Null(costs.Models[0].OutputTokens);
        Assert.Contains(
            "answers in no battle",
            Assert.Throws<InputException>(() => RoutingCosts.Of(
                [Cheap, Strong with { Model = "x", OutputTokens = null }], "cheap", RoutingObjective.Cost).WithLengthsOf(battles)).Message,
            StringComparison.Ordinal);
    }

    public static TheoryData<ModelCost[], string, RoutingObjective, string> Wrong => new()
    {
        { [Cheap, Strong], "other", RoutingObjective.Cost, "do not name the reference other" },
        { [Strong], "strong", RoutingObjective.Cost, "one model only" },
        { [Cheap, Cheap, Strong], "strong", RoutingObjective.Cost, "cheap twice" },
        { [Cheap with { PerAnswer = -1 }, Strong], "strong", RoutingObjective.Cost, "cheap have an impossible per_answer" },
        { [Cheap with { PerAnswer = null }, Strong], "strong", RoutingObjective.Cost, "costs of cheap are incomplete" },
        {
            [Cheap with { PerAnswer = null, InputPerMillion = 1 }, Strong], "strong", RoutingObjective.Cost, "costs of cheap are incomplete"
        },
        { [Cheap with { Seconds = null }, Strong], "strong", RoutingObjective.Seconds, "costs of cheap do not say how many seconds" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Wrong_costs_are_named(ModelCost[] costs, string reference, RoutingObjective objective, string said) =>
        Assert.Contains(
            said, Assert.Throws<InputException>(() => RoutingCosts.Of(costs, reference, objective)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0.5, 1)] // the cheapest that is good enough
    [InlineData(0.3, 0)]
    [InlineData(0.8, 3)] // nobody: the reference
    [InlineData(0.7, 2)] // as dear as the reference, which stays only if nothing cheaper will do
    public void The_cheapest_good_enough_model_is_chosen(double threshold, int expected)
    {
        var chosen = RoutingRule.Choose([0.3, 0.6, 0.75, 1], [1, 2, 3, 4], reference: 3, threshold);
        Assert.Equal(expected, chosen);
        Assert.Equal(3, RoutingRule.Choose([0.9, 0.9, 0.9, 1], [4, 5, 4, 4], reference: 3, threshold));
        Assert.Equal(1, RoutingRule.Choose([0.8, 0.9, 0.1, 1], [1, 1, 1, 4], reference: 3, threshold));
    }
}
