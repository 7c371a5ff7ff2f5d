using System.Globalization;
using CsCheck;
using Tiebreak.App.Curation;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Data;
using Tiebreak.Data.Sampling;
using Tiebreak.Data.Topics;
using Tiebreak.Ratings.Slices;
using Tiebreak.Testing;

namespace Tiebreak.App.Tests.Curation;

/// <summary>Samples that draw more from topics on which models stand apart.</summary>
public sealed class InformativeSampleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_number_is_divided_without_rest_and_nobody_gives_more_than_they_have() =>
        Gen.Select(Gen.Int[0, 30].Array[1, 8], Gen.Double[0, 4].Array[8], Gen.Int[0, 100]).Sample((sizes, weights, wished) =>
        {
            var count = Math.Min(wished, sizes.Sum());
            var counts = InformativeSample.Share(sizes, weights, count);
            Assert.Equal(count, counts.Sum());
            Assert.All(counts.Zip(sizes), pair => Assert.InRange(pair.First, 0, pair.Second));
        });

    [Fact]
    public void Shares_are_in_proportion_to_size_and_weight() =>
        Assert.Equal([40, 10, 10], InformativeSample.Share([100, 100, 50], [2, 0.5, 1], 60));

    [Fact]
    public void Deviations_that_errors_explain_count_for_nothing_and_others_for_what_is_beyond()
    {
        Assert.Equal([1, 1, 1], InformativeSample.Weights([new Separation(1.2, 0.3), new Separation(0.7, 0.3), null]));

        var weights = InformativeSample.Weights([new Separation(2, 0.1), new Separation(0.2, 0.1), new Separation(2, 5)]);
        Assert.InRange(weights[0], 3.7, 4);
        Assert.InRange(weights[1], 0.04, 0.06);
        Assert.InRange(weights[2], 1, 1.2); // nearly nothing is known of it
        Assert.Equal(0, InformativeSample.Weights([new Separation(-3, 0.1), new Separation(3, 0.1)])[0]);
    }

    [Fact]
    public void A_topic_on_which_the_stronger_model_wins_gives_more_than_one_of_coin_flips()
    {
        // Verdicts of topic 0 follow the strength of models, those of topic 1 alternate.
        Battle[] battles =
        [
            .. Enumerable.Range(0, 400).Select(i => new Battle
            {
                Id = $"{i}",
                Turns = [new Turn($"prompt {i}", "a", "b")],
                ModelA = "strong",
                ModelB = "weak",
                Verdict = i % 2 == 0 ? (i % 20 == 0 ? Verdict.B : Verdict.A) : (i % 4 == 1 ? Verdict.A : Verdict.B),
            }),
        ];
        var report = new TopicReport(
            [new Topic("told apart", [], 0, 200, ""), new Topic("coin flips", [], 0, 200, "")], ["all"],
            [.. battles.Select((_, i) => (TopicPlace?)new TopicPlace(i % 2, 1))], Worded: 0);
        var (sample, topics) = InformativeSample.Draw(battles, report, 100, seed: 1, threads: 2);

        Assert.Equal(100, sample.Battles.Count);
        Assert.Equal(topics[0].Drawn, sample.Battles.Count(battle => int.Parse(battle.Id, CultureInfo.InvariantCulture) % 2 == 0));
        Assert.True(topics[0].Drawn > 80, $"{topics[0]}");
        Assert.True(topics[0].Separation > 1 && topics[1].Separation < 1);
        Assert.Equal(100, topics.Sum(topic => topic.Drawn));
    }

    [Theory]
    [InlineData(true, "`prompts`")]
    [InlineData(false, "no votes between two models")]
    public async Task What_cannot_be_drawn_is_refused(bool oneEach, string said)
    {
        BattleWriter.WriteJsonl(
            _folder["data.jsonl"],
            [.. SyntheticBattles.Create(20).Select(battle => battle with { ModelA = null, ModelB = null })]);
        var sample = new SampleBattles
        {
            Data = [_folder["data.jsonl"]],
            Out = _folder["out.jsonl"],
            Rows = 5,
            IsInformative = true,
            Prompts = oneEach ? SamplePrompts.OneEach : SamplePrompts.Any,
        };
        var error = await Assert.ThrowsAsync<InputException>(() => sample.RunAsync(
            new JobContext { Judges = new JudgeRegistry([]), Threads = 1 }, TestContext.Current.CancellationToken));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["out.jsonl"]));
    }
}
