using System.Text.Json.Nodes;
using Tiebreak.App.Recipes;
using Tiebreak.App.Searching;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Data;
using Tiebreak.Reports.Documents;
using Tiebreak.Testing;

namespace Tiebreak.App.Tests.Searching;

/// <summary>Searches with a judge kind whose best value is known: how sure it is of the side that says "good" more often.</summary>
public sealed class SearchRecipeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StrengthFormat _format = new();

    public SearchRecipeTests()
    {
        _ = _folder.Write("recipe.yaml", "kind: strength\nstrength: 0.1\ncalibration: none\n");
        BattleWriter.WriteJsonl(_folder["train.jsonl"], SyntheticBattles.Create(1200));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_best_value_is_found_and_bad_trials_are_ended_early()
    {
        var document = await SearchAsync();
        Assert.NotEqual(1, document.Best);
        Assert.InRange((double)document.Trials[0].Values["strength"]!, 0.3, 5);
        Assert.True(document.DifferenceInterval!.Value.Upper < 0);

        // Three rounds on a ninth, a third and all of the prompts; the recipe as it is comes along.
        Assert.Equal([1, 3, 9], _format.Trained.Select(size => (int)Math.Round(9.0 * size / _format.Trained[^1])).Distinct());
        int[] inRound = [.. Enumerable.Range(0, 3).Select(round => document.Trials.Count(trial => trial.LogLosses[round] is not null))];
        Assert.Equal((12, _format.Trained.Count), (inRound[0], inRound.Sum()));
        Assert.InRange(inRound[1], 4, 5);
        Assert.InRange(inRound[2], 2, 3);
        Assert.NotNull(document.Trials.Single(trial => trial.Trial == 1).LogLosses[2]);

        var found = RecipeFile.Load(_folder["best.yaml"], []);
        Assert.Equal((double)document.Trials[0].Values["strength"]!, (double)found.Recipe.Options["strength"]!);
        Assert.StartsWith("# The best of 12 variants", File.ReadAllText(_folder["best.yaml"]), StringComparison.Ordinal);
        Assert.Contains("1 (as it is)", HtmlDocument.Render(document), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_that_was_stopped_goes_on_to_the_same_recipe()
    {
        var whole = await SearchAsync();
        var bytes = File.ReadAllBytes(_folder["best.yaml"]);
        var trainings = _format.Trained.Count;
        _format.Trained.Clear();
        _format.StopAfter = 7;
        Directory.Delete(_folder["work"], recursive: true);
        File.Delete(_folder["best.yaml"]);
        await Assert.ThrowsAsync<OperationCanceledException>(() => SearchAsync());
        Assert.False(File.Exists(_folder["best.yaml"]));
        File.AppendAllText(_folder["work/trials.journal"], "torn");

        _format.StopAfter = int.MaxValue;
        var error = await Assert.ThrowsAsync<InputException>(() => SearchAsync());
        Assert.Contains("has begun", error.Message, StringComparison.Ordinal);
        var resumed = await SearchAsync(search => search with { Resume = true });
        Assert.Equal(bytes, File.ReadAllBytes(_folder["best.yaml"]));
        Assert.Equal(Losses(whole), Losses(resumed));
        Assert.Equal(trainings + 1, _format.Trained.Count); // the one that was stopped was begun twice
        Assert.Empty(Directory.GetDirectories(_folder["work"]));

        error = await Assert.ThrowsAsync<InputException>(() => SearchAsync(search => search with { Resume = true, Trials = 5 }));
        Assert.Contains("its search is 12 trials", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_training_that_fails_is_the_worst_and_ends_nothing()
    {
        _format.FailsAbove = 1;
        var document = await SearchAsync();
        Assert.InRange((double)document.Trials[0].Values["strength"]!, 0.01, 1);
        var failed = document.Trials.Where(trial => trial.Failure is not null).ToArray();
        Assert.NotEmpty(failed);
        Assert.All(failed, trial => Assert.Contains("too strong", trial.Failure, StringComparison.Ordinal));
        Assert.Contains("failed: It is too strong", HtmlDocument.Render(document), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_is_told_before_anything_is_trained()
    {
        var error = await Assert.ThrowsAsync<InputException>(() => SearchAsync(search => search with { Vary = ["strenght=1..2"] }));
        Assert.Contains("unknown key \"strenght\"", error.Message, StringComparison.Ordinal);
        Assert.Empty(_format.Trained);
        Assert.False(Directory.Exists(_folder["work"]));
    }

    private static string Losses(SearchDocument document) =>
        string.Join('\n', document.Trials.Select(trial => $"{trial.Trial}: {string.Join(' ', trial.LogLosses)}"));

    private Task<SearchDocument> SearchAsync(Func<SearchRecipe, SearchRecipe>? change = null)
    {
        var search = new SearchRecipe
        {
            Recipe = _folder["recipe.yaml"],
            Vary = ["strength=0.01..20"],
            Data = [_folder["train.jsonl"]],
            Out = _folder["best.yaml"],
            WorkFolder = _folder["work"],
        };
        var context = new JobContext { Judges = new JudgeRegistry([_format]), Threads = 1 };
        return (change?.Invoke(search) ?? search).RunAsync(context, TestContext.Current.CancellationToken);
    }

    private sealed class StrengthFormat : IJudgeFormat
    {
        public string Kind => "strength";

        public List<int> Trained { get; } = [];

        public int StopAfter { get; set; } = int.MaxValue;

        public double FailsAbove { get; set; } = double.PositiveInfinity;

        public IJudgeTrainer CreateTrainer(Recipe recipe)
        {
            if (recipe.Options.Select(option => option.Key).FirstOrDefault(key => key is not "strength") is { } unknown)
                throw new InputException($"The recipe has the unknown key \"{unknown}\".");
            return new StrengthTrainer(this, recipe.Options);
        }

        public Task<IJudge> OpenAsync(BundleOpening opening, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }

    private sealed class StrengthTrainer(StrengthFormat format, JsonObject options) : IJudgeTrainer
    {
        public JsonObject ResolvedOptions => options.DeepClone().AsObject();

        public Task<TrainedJudge> TrainAsync(TrainingJob job, CancellationToken cancellationToken = default)
        {
            if (format.Trained.Count == format.StopAfter)
            {
                format.Trained.Add(job.Battles.Count);
                throw new OperationCanceledException();
            }

            format.Trained.Add(job.Battles.Count);
            var strength = (double)options["strength"]!;
            return strength > format.FailsAbove
                ? throw new TiebreakException("It is too strong.")
                : Task.FromResult(new TrainedJudge { Judge = new StrengthJudge(strength), SaveAsync = _ => Task.CompletedTask });
        }
    }

    private sealed class StrengthJudge(double strength) : IJudge
    {
        public JudgeTraits Traits { get; } = new() { IsSymmetric = true };

        public Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default) => request.AnswerAsync(
            (battles, _) => Task.FromResult(battles.Select(battle => JudgeOutcome.Of(Preference.FromScores(
                strength * Good(battle.Turns[0].ResponseA), strength * Good(battle.Turns[0].ResponseB), 0.5))).ToArray()),
            Traits.IsSymmetric);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static int Good(string? text) => (text?.Split("good").Length ?? 1) - 1;
    }
}
