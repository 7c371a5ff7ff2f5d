using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Randomness;
using Tiebreak.Core.Routing;
using Tiebreak.Core.Splitting;
using Tiebreak.Features.Routing;
using Tiebreak.Features.TermVectors;
using Tiebreak.Testing;

namespace Tiebreak.Features.Tests.Routing;

public sealed class PromptRatingsTests
{
    private static readonly PromptPenalties Penalties = new(0.1, 8, 16);

    // Values of an independent solver.
    [Fact]
    public void Without_prompts_it_is_Davidsons_model()
    {
        (string A, string B, int Wins, int Losses, int Ties)[] games =
        [
            ("X", "Y", 20, 10, 10), ("Y", "Z", 15, 9, 6), ("X", "Z", 25, 5, 10),
        ];
        var battles = games.SelectMany(game => Enumerable.Repeat(Vote(game.A, game.B, Verdict.A), game.Wins)
            .Concat(Enumerable.Repeat(Vote(game.A, game.B, Verdict.B), game.Losses))
            .Concat(Enumerable.Repeat(Vote(game.A, game.B, Verdict.BothBad), game.Ties))).ToList();
        var ratings = FitPlain(battles, penalty: 1e-7);
        Assert.Equal(["X", "Y", "Z"], ratings.Models);
        Assert.Equal(
            [.72409, -.04036, -.68372],
            ratings.Strengths.Select(strength => Math.Round(strength, 5)),
            (one, other) => Math.Abs(one - other) < 2e-4);
        Assert.Equal(.69909, Math.Exp(ratings.Tie!.Value), 2e-4);
    }

    [Fact]
    public void Votes_without_ties_are_Bradley_Terry()
    {
        var battles = Enumerable.Repeat(Vote("X", "Y", Verdict.A), 30).Concat(Enumerable.Repeat(Vote("X", "Y", Verdict.B), 10)).ToList();
        var ratings = FitPlain(battles, penalty: 1e-7);
        Assert.Null(ratings.Tie);
        var preferences = new Preference[2];
        ratings.Predict("any", [], 1, preferences);
        Assert.Equal(0.75, preferences[0].A, 1e-4);
        Assert.Equal(0, preferences[0].Tie);
    }

    [Fact]
    public void Where_prompts_matter_it_learns_for_what()
    {
        var planted = new PlantedBattles(effect: 2);
        var battles = planted.Create(2500);
        var trained = Train(battles);
        Assert.True(trained.WithPrompts.UsesPrompts);
        var (with, without) = (Losses(battles, trained.OfFold), Losses(battles, trained.OfFoldWithoutPrompts));
        Assert.True(with < without - 0.02, $"{with} against {without}");

        var preferences = new Preference[PlantedBattles.Models.Count];
        var (coder, strong) = (Place(trained, "coder-1"), Place(trained, PlantedBattles.Strong));
        trained.WithPrompts.Predict("Write a function that sorts doors.", [], strong, preferences);
        var onCode = preferences[coder].A;
        trained.WithPrompts.Predict("A haiku about doors.", [], strong, preferences);
        Assert.True(onCode > preferences[coder].A + 0.1, $"{onCode} against {preferences[coder].A}");
    }

    [Fact]
    public void Where_prompts_do_not_matter_it_stays_near_the_ratings_without()
    {
        var battles = new PlantedBattles(effect: 0).Create(2500);
        var trained = Train(battles);
        Assert.Equal(Losses(battles, trained.OfFoldWithoutPrompts), Losses(battles, trained.OfFold), 0.003);
    }

    [Fact]
    public void Prompts_that_say_nothing_get_what_holds_on_average()
    {
        var ratings = Fit(new PlantedBattles(effect: 2).Create(800));
        var (average, blank) = (new Preference[4], new Preference[4]);
        ratings.Predict(new TermVector([], []), 0, average);
        foreach (var prompt in (string?[])[null, "", "  \n"])
        {
            ratings.Predict(prompt, [], 0, blank);
            Assert.Equal(average, blank);
        }

        ratings.Predict(new string('x', 1_000_000), [], 0, blank);
        Assert.All(blank, preference => Assert.True(preference.IsValid));
    }

    [Fact]
    public void Order_of_rows_sides_and_names_changes_nothing()
    {
        var battles = new PlantedBattles(effect: 2).Create(1200);
        var prompts = battles.Take(40).Select(battle => battle.Turns[0].Prompt!).ToList();
        var expected = Predictions(Fit(battles), prompts, PlantedBattles.Models);

        var shuffled = battles.ToArray();
        var random = new SeededRandom(3);
        random.Shuffle<Battle>(shuffled);
        Same(expected, Predictions(Fit(shuffled), prompts, PlantedBattles.Models));
        Same(
            expected,
            Predictions(Fit([.. battles.Select((battle, i) => i % 2 == 0 ? battle.Swapped() : battle)]), prompts, PlantedBattles.Models));

        // Other families, and another order of names.
        var renamed = PlantedBattles.Models.Index().ToDictionary(model => model.Item, model => $"{(char)('z' - model.Index)}-model");
        Battle[] others = [.. battles.Select(battle => battle with { ModelA = renamed[battle.ModelA!], ModelB = renamed[battle.ModelB!] })];
        Same(expected, Predictions(Fit(others), prompts, [.. PlantedBattles.Models.Select(model => renamed[model])]));
    }

    [Fact]
    public void Threads_change_nothing_at_all()
    {
        var battles = new PlantedBattles(effect: 1).Create(3000);
        var prompts = battles.Take(20).Select(battle => battle.Turns[0].Prompt!).ToList();
        var (one, two) = (Train(battles, threads: 1), Train(battles, threads: 2));
        Assert.Equal(
            Predictions(one.WithPrompts, prompts, PlantedBattles.Models), Predictions(two.WithPrompts, prompts, PlantedBattles.Models));
        Assert.Equal(one.Report.ToJsonString(), two.Report.ToJsonString());
    }

    [Fact]
    public async Task What_is_saved_is_what_was_trained()
    {
        using var folder = new TemporaryFolder();
        var battles = new PlantedBattles(effect: 2).Create(800);
        var ratings = Fit(battles);
        var prompts = battles.Take(50).Select(battle => battle.Turns[0].Prompt!).ToList();
        foreach (var saved in (PromptRatings[])[ratings, FitPlain(battles, 0.1)])
        {
            await PromptRatingsFile.WriteAsync(folder[PromptRatingsFile.Name], saved);
            var opened = new PromptRatingsFormat().Open(folder.Path);
            Assert.Equal(saved.UsesPrompts, opened.UsesPrompts);
            Assert.Equal(Predictions(saved, prompts, saved.Models), Predictions(opened, prompts, saved.Models));
        }
    }

    [Fact]
    public async Task A_vector_says_what_words_do_not()
    {
        // Prompts that share no word; only their vectors tell what they are about.
        Battle[] battles = [.. new PlantedBattles(effect: 2).Create(1200).Select((battle, i) => battle with
        {
            Turns = [battle.Turns[0] with { Prompt = $"wort{i}" }],
            States = new PooledStates(VectorOf(battle.Turns[0].Prompt!), ResponseA: null, ResponseB: null, Pair: null),
        })];
        Battle[] blind = [.. battles.Select(battle => battle with { States = null })];
        var (seeing, without) = (Train(battles), Train(blind));
        Assert.Equal(3, seeing.WithPrompts.VectorSize);
        Assert.True(Losses(battles, seeing.OfFold) < Losses(blind, without.OfFold) - 0.02);

        using var folder = new TemporaryFolder();
        await seeing.SaveAsync(seeing.WithPrompts, folder.Path);
        var opened = new PromptRatingsFormat().Open(folder.Path);
        var (saved, read) = (new Preference[4], new Preference[4]);
        foreach (var battle in battles.Take(20))
        {
            seeing.WithPrompts.Predict(battle.Turns[0].Prompt, [.. battle.States!.Prompt!], 0, saved);
            opened.Predict(battle.Turns[0].Prompt, [.. battle.States!.Prompt!], 0, read);
            Assert.Equal(saved, read);
        }

        Assert.Throws<ArgumentException>(() => opened.Predict("a prompt", [1, 0], 0, read));

        static float[] VectorOf(string prompt) => prompt.Split(' ')[0] switch
        {
            "Fix" or "Implement" => [1, 0, 0],
            "Compose" or "A" => [0, 1, 0],
            "Write" => prompt.Contains("function", StringComparison.Ordinal) ? [1, 0, 0] : [0, 1, 0],
            _ => [0, 0, 1],
        };
    }

    [Theory]
    [InlineData("counts\t15\t2000000000\nmodels\ta\tb\nstrengths\t1\t2\ntie\t0\n", "vectors have 2000000000 numbers")]
    [InlineData("counts\t15\t-1\nmodels\ta\tb\nstrengths\t1\t2\ntie\t0\n", "vectors have -1 numbers")]
    [InlineData("counts\t15\t1\t1\nmodels\ta\tb\nstrengths\t1\t2\ntie\t0\n", "line 1 is not the beginning")]
    public void A_size_of_vectors_for_which_there_are_no_lines_is_named(string head, string said)
    {
        using var folder = new TemporaryFolder();
        var rows = string.Concat(PromptCount.All.Select(count => $"{count.Name}\t1\t1\t0\t0\t0\n"));
        folder.Write(PromptRatingsFile.Name, head + rows);
        var error = Assert.Throws<InputException>(() => new PromptRatingsFormat().Open(folder.Path));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "line 1 is not the beginning")]
    [InlineData("counts\t15\nmodels\ta\tb\nstrengths\t1\ntie\t0\n", "line 3 has 1 numbers instead of 2")]
    [InlineData("counts\t15\nmodels\ta\tb\nstrengths\t1\tx\ntie\t0\n", "holds \"x\", which is no number")]
    [InlineData("counts\t2\nmodels\ta\tb\nstrengths\t1\t2\ntie\t0\nlength\t1\t1\t0\t0\t0\n", "counts other things in prompts")]
    public void A_broken_file_is_named(string content, string said)
    {
        using var folder = new TemporaryFolder();
        folder.Write(PromptRatingsFile.Name, content);
        var error = Assert.Throws<InputException>(() => new PromptRatingsFormat().Open(folder.Path));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Battles_without_names_are_refused()
    {
        var nameless = new PlantedBattles(effect: 0).Create(50)
            .Select((battle, i) => i == 7 ? battle with { ModelB = null } : battle).ToList();
        Assert.Contains(
            "Battle 7 does not name both models", Assert.Throws<InputException>(() => Train(nameless)).Message, StringComparison.Ordinal);
    }

    private static TrainedPromptPredictor Train(IReadOnlyList<Battle> battles, int threads = 2)
    {
        var labelled = new LabelledBattles(battles);
        return new PromptRatingsFormat().Train(new TrainingJob
        {
            Battles = labelled,
            Folds = GroupedFolds.Assign(labelled, 5),
            FoldCount = 5,
            Placement = new() { Threads = threads },
        });
    }

    private static double Losses(IReadOnlyList<Battle> battles, IReadOnlyList<IPromptPredictor> ofFold)
    {
        var labelled = new LabelledBattles(battles);
        var folds = GroupedFolds.Assign(labelled, 5);
        var preferences = new Preference[PlantedBattles.Models.Count];
        return battles.Select((battle, i) =>
        {
            var predictor = ofFold[folds[i]];
            predictor.Predict(
                battle.Turns[0].Prompt, [.. battle.States?.Prompt ?? []], predictor.Models.IndexOf(battle.ModelB!), preferences);
            return LogLoss.Of(preferences[predictor.Models.IndexOf(battle.ModelA!)], labelled.Targets[i]);
        }).Average();
    }

    private static PromptRatings Fit(IReadOnlyList<Battle> battles)
    {
        var options = new PromptRatingsOptions();
        var features = PromptFeatures.Fit(
            [.. battles.Select(battle => battle.Turns[0].Prompt!).Distinct().Order(StringComparer.Ordinal)], [], options);
        var votes = Votes(battles, features);
        var plain = new PromptRatingsFit(votes, features.Count, start: null)
            .Fit(new PromptPenalties(0.1, null, null), features, 500, 2, default);
        return new PromptRatingsFit(votes, features.Count, plain).Fit(Penalties, features, 500, 2, default);
    }

    private static PromptRatings FitPlain(IReadOnlyList<Battle> battles, double penalty)
    {
        var votes = Votes(battles, PromptFeatures.Fit(["none"], [], new PromptRatingsOptions()));
        return new PromptRatingsFit(votes with { Prompts = [.. votes.Prompts.Select(_ => new TermVector([], []))] }, 0, start: null)
            .Fit(new PromptPenalties(penalty, null, null), features: null, 500, 2, default);
    }

    private static PromptVotes Votes(IReadOnlyList<Battle> battles, PromptFeatures features) => PromptVotes.Of(
        new TrainingJob { Battles = new LabelledBattles(battles), Folds = new int[battles.Count], FoldCount = 1 }, features, default);

    private static double[] Predictions(IPromptPredictor predictor, IReadOnlyList<string> prompts, IReadOnlyList<string> models)
    {
        var preferences = new Preference[predictor.Models.Count];
        return [.. prompts.SelectMany(prompt =>
        {
            predictor.Predict(prompt, [], predictor.Models.IndexOf(models[0]), preferences);
            return models.SelectMany(model =>
                new[] { preferences[predictor.Models.IndexOf(model)].A, preferences[predictor.Models.IndexOf(model)].Tie });
        })];
    }

    private static void Same(double[] expected, double[] found) =>
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-3));

    private static int Place(TrainedPromptPredictor trained, string model) => trained.WithPrompts.Models.IndexOf(model);

    private static Battle Vote(string a, string b, Verdict verdict) =>
        new() { Id = "", Turns = [new Turn("Hello", "", "")], ModelA = a, ModelB = b, Verdict = verdict };
}
