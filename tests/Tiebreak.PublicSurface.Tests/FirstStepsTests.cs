using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Data;
using Tiebreak.Data.Submissions;
using Tiebreak.Features.FeatureJudges;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Votes;
using Tiebreak.Testing;

namespace Tiebreak.PublicSurface.Tests;

/// <summary>What a program does first that references the libraries.</summary>
public sealed class FirstStepsTests
{
    private static readonly BattleSet Sample = BattleSet.Load([Path.Combine(Repository.Root, "samples", "battles.jsonl.gz")]);

    [Fact]
    public async Task A_judge_is_trained_saved_opened_asked_and_measured()
    {
        using var folder = new TemporaryFolder();
        var registry = new JudgeRegistry([new PriorJudgeFormat(), new FeatureJudgeFormat()]);
        var training = new JudgeTraining
        {
            Kind = "priors",
            Trainer = registry["priors"].CreateTrainer(new Recipe("priors", [])),
            Out = folder["judge"],
            Data = Sample.Files,
        };
        var outcome = await training.RunAsync(new LabelledBattles(Sample.Battles));

        await using var bundle = await Bundle.OpenAsync(folder["judge"], registry);
        var preferences = await bundle.Judge.JudgeAsync(Sample.Battles);
        var result = Evaluator.Evaluate(preferences, new LabelledBattles(Sample.Battles));
        SubmissionFile.Write(folder["submission.csv"], [.. Sample.Battles.Select(battle => battle.Id)], preferences);

        Assert.Equal(outcome.Result.LogLoss, result.LogLoss, 0.02);
        Assert.Equal(Sample.Battles.Count, SubmissionFile.Read(folder["submission.csv"]).Count);
    }

    [Fact]
    public async Task A_feature_judge_is_opened_and_asked()
    {
        var fixtures = Path.Combine(Repository.Root, "tests", "fixtures", "format-1");
        var test = BattleSet.Load([Path.Combine(fixtures, "test.csv")], new BattleReadOptions { Purpose = BattlePurpose.Test });

        await using var bundle = await Bundle.OpenAsync(Path.Combine(fixtures, "length"), new JudgeRegistry([new FeatureJudgeFormat()]));
        var preferences = await bundle.Judge.JudgeAsync(test.Battles);

        var expected = SubmissionFile.Read(Path.Combine(fixtures, "expected", "length.csv"));
        Assert.All(preferences.Zip(expected), pair => Assert.Equal(pair.Second.Preference.A, pair.First.A, 1e-6));
    }

    [Fact]
    public void Models_are_ranked_by_votes()
    {
        var votes = Sample.Battles.Select(battle => new Vote(battle.ModelA!, battle.ModelB!, battle.Verdict!.Value));
        var leaderboard = Leaderboard.Of(VoteSet.Of(votes), new LeaderboardOptions());

        Assert.True(leaderboard.Entries.Count > 2);
        Assert.Equal(leaderboard.Entries.OrderByDescending(entry => entry.Rating), leaderboard.Entries);
    }

    [Fact]
    public void A_recipe_with_an_unknown_key_is_refused()
    {
        var recipe = new Recipe("feature", new JsonObject { ["treees"] = 100 });
        var error = Assert.Throws<Core.InputException>(() => new FeatureJudgeFormat().CreateTrainer(recipe));
        Assert.Contains("treees", error.Message, StringComparison.Ordinal);
    }
}
