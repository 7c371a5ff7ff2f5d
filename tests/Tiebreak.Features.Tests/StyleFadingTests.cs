using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Randomness;
using Tiebreak.Features.Counted;
using Tiebreak.Features.FeatureJudges;

namespace Tiebreak.Features.Tests;

public sealed class StyleFadingTests
{
    private const string Short = "Paris is the capital of France and lies on the Seine.";
    private const string Other = "I believe that Lyon has been chosen, after a long debate in parliament, because kings liked its river.";
    private const string Refusal = "I'm sorry, I can't help with that.";

    private static readonly string Dressed =
        string.Concat(Enumerable.Repeat("# Paris\n\n- **Paris** is the capital of France\n- and lies on the **Seine**\n\n", 4));

    private static readonly CountedFeatures Counted = new(["length", "markdown", "phrases", "style_free"]);

    [Theory]
    [InlineData(Short, Other, 1)]
    [InlineData(Short, Refusal, 0)]
    [InlineData(Refusal, Refusal + " Sorry!", 0)]
    public void The_weight_of_looks_follows_from_the_words_shared_and_from_refusals(string a, string b, float weight)
    {
        Assert.Equal(weight, Of(a, b, "style_weight"));
        Assert.Equal(weight, Of(b, a, "style_weight"));
    }

    [Fact]
    public void Of_a_response_and_the_same_in_other_dress_looks_fade_and_nothing_else()
    {
        Assert.Equal(0, Of(Short, Dressed, "style_weight"));
        Assert.Equal((0, 0), (Of(Short, Dressed, "diff_characters"), Of(Short, Dressed, "diff_bold")));
        Assert.True(Of(Short, Dressed, "sum_characters") > 0);
        Assert.True(Of(Short, Refusal, "diff_refusals") < 0);

        var plain = new CountedFeatures(["length", "markdown", "phrases"]);
        var (faded, row) = (Counted.Extract([Battle(Short, Other)], 1), plain.Extract([Battle(Short, Other)], 1));
        Assert.Equal(row[0].ToArray(), faded[0][..row.Columns].ToArray()); // of two different responses nothing fades
    }

    [Fact]
    public async Task A_judge_of_that_kind_prefers_the_longer_of_two_answers_but_no_padded_copy()
    {
        await using var plain = await TrainAsync(isStyleFree: false);
        await using var free = await TrainAsync(isStyleFree: true);
        var said = Words(6, 300);
        Battle[] battles = [Battle(Words(6, 100), Words(40, 200)), Battle(said, string.Join(' ', Enumerable.Repeat(said, 5)))];
        var (ofPlain, ofFree) = (await plain.JudgeAsync(battles), await free.JudgeAsync(battles));

        Assert.All(ofPlain, preference => Assert.True(preference.B > preference.A + 0.2, $"{preference}"));
        Assert.True(ofFree[0].B > ofFree[0].A + 0.2, $"{ofFree[0]}");
        Assert.Equal(ofFree[1].A, ofFree[1].B, 0.02);
    }

    // Votes for the longer response, of words that are all different.
    private static async Task<IJudge> TrainAsync(bool isStyleFree)
    {
        var random = new SeededRandom(1);
        Battle[] battles = [.. Enumerable.Range(0, 300).Select(i =>
        {
            var (a, b) = (5 + random.Next(40), 5 + random.Next(40));
            return Battle(Words(a, 1000 * i), Words(b, (1000 * i) + 500)) with
            {
                Id = $"{i}",
                Verdict = Math.Abs(a - b) < 3 ? Verdict.Tie : a > b ? Verdict.A : Verdict.B,
            };
        })];
        var recipe = new JsonObject
        {
            ["features"] = new JsonObject
            {
                ["style_free"] = isStyleFree,
                ["terms"] = false,
                ["word_classes"] = false,
                ["vectors"] = false,
            },
            ["boosting"] = new JsonObject { ["rounds"] = 60, ["min_rows_in_leaf"] = 10 },
            ["linear"] = new JsonObject { ["l2"] = 20 },
        };
        var labelled = new LabelledBattles(battles);
        var job = new TrainingJob { Battles = labelled, Folds = [.. Enumerable.Range(0, 300).Select(i => i % 3)], FoldCount = 3 };
        return (await new FeatureJudgeFormat().CreateTrainer(new Recipe("feature", recipe)).TrainAsync(job)).Judge;
    }

    private static string Words(int count, int from) => string.Join(' ', Enumerable.Range(from, count).Select(Word));

    // Letters only: digits would be a look of their own.
    private static string Word(int number) => string.Concat($"{number + 10_000}".Select(digit => (char)('a' + digit - '0')));

    private static Battle Battle(string a, string b) => new() { Id = "1", Turns = [new Turn("What is the capital?", a, b)] };

    private static float Of(string a, string b, string column) =>
        Counted.Extract([Battle(a, b)], 1)[0][new FeatureSchema(Counted.Columns).Names.ToList().IndexOf(column)];
}
