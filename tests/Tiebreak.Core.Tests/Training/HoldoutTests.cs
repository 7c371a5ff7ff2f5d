using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Core.Training;
using Tiebreak.Testing;

namespace Tiebreak.Core.Tests.Training;

public sealed class HoldoutTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Held_out_battles_are_not_trained_on_and_the_judge_itself_is_asked_about_them()
    {
        var trainer = new WatchingTrainer();
        var battles = Grouped(SyntheticBattles.Create(300));
        var outcome = await (Training("judge", new Holdout(0.2)) with { Trainer = trainer }).RunAsync(new LabelledBattles(battles));

        var job = trainer.Job!;
        Assert.Equal(outcome.Target.Battles, job.HeldOut!.Battles);
        Assert.InRange(outcome.Target.Count, 50, 70);
        Assert.Equal(300, job.Battles.Count + outcome.Target.Count);
        var prompts = job.Battles.Battles.Select(battle => battle.Turns[0].Prompt).ToHashSet();
        Assert.DoesNotContain(outcome.Target.Battles, battle => prompts.Contains(battle.Turns[0].Prompt));
        Assert.Equal(Orders.Both, trainer.Asked!.Orders);
        Assert.Equal(outcome.Target.Battles.Select(battle => battle.Id), trainer.Asked.Battles.Select(battle => battle.Id));
        Assert.All(trainer.Asked.Battles, battle => Assert.Null(battle.Target));
    }

    [Fact]
    public async Task The_manifest_says_what_was_held_out_and_the_bundle_opens()
    {
        var outcome = await Training("judge", new Holdout(0.2)).RunAsync(new LabelledBattles(Grouped(SyntheticBattles.Create(300))));

        await using var bundle = await Bundle.OpenAsync(_folder["judge"], new JudgeRegistry([new PriorJudgeFormat()]));
        var prompts = outcome.Target.Groups.Distinct().Count();
        Assert.Equal(new HoldoutSummary(0.2, outcome.Target.Count, prompts, LeftOut: 0), bundle.Manifest.Holdout);
        Assert.Equal(outcome.Target.Count, (int)bundle.Manifest.Validation["rows"]!);
    }

    [Fact]
    public async Task Cross_validation_writes_no_word_about_a_holdout()
    {
        await Training("judge", Validation.Default).RunAsync(new LabelledBattles(SyntheticBattles.Create(100)));
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_folder["judge"], "judge.json")))!.AsObject();
        Assert.False(manifest.ContainsKey("holdout"));
    }

    [Fact]
    public async Task Battles_of_other_sources_about_a_prompt_that_is_held_out_are_left_out()
    {
        var target = SyntheticBattles.Create(100);
        var others = target.Select(battle => battle with { Id = $"other-{battle.Id}", Source = "other" });
        var trainer = new WatchingTrainer();
        var training = Training("judge", new Holdout(0.25)) with { Trainer = trainer };

        var outcome = await training.RunAsync(new LabelledBattles([.. target, .. others]));

        var holdout = outcome.Manifest.Holdout!;
        Assert.Equal((holdout.Battles, 200 - (2 * holdout.Battles)), (holdout.LeftOut, trainer.Job!.Battles.Count));
        Assert.All(outcome.Target.Battles, battle => Assert.Null(battle.Source));
    }

    [Fact]
    public async Task Another_seed_holds_out_other_battles_and_the_same_one_the_same()
    {
        var labelled = new LabelledBattles(SyntheticBattles.Create(200));
        async Task<IEnumerable<string>> HeldOutAsync(ulong seed)
        {
            var outcome = await (Training("judge", new Holdout(0.3)) with { Seed = seed }).RunAsync(labelled);
            return outcome.Target.Battles.Select(battle => battle.Id);
        }

        Assert.Equal(await HeldOutAsync(1), await HeldOutAsync(1));
        Assert.NotEqual(await HeldOutAsync(1), await HeldOutAsync(2));
    }

    [Fact]
    public async Task Too_few_prompts_are_refused_before_training()
    {
        var training = Training("judge", new Holdout(0.1)) with { Trainer = new WatchingTrainer() };
        var error = await Assert.ThrowsAsync<InputException>(() => training.RunAsync(new LabelledBattles(SyntheticBattles.Create(20))));
        Assert.Contains("needs at least 5", error.Message, StringComparison.Ordinal);
        Assert.Null(((WatchingTrainer)training.Trainer).Job);
    }

    [Fact]
    public async Task A_learning_curve_can_be_calibrated_by_a_holdout()
    {
        var curve = new LearningCurve { Trainer = Priors(), Validation = new Holdout(0.3), Rows = [60, 150], Repetitions = 1 };
        var points = await curve.MeasureAsync(new LabelledBattles(SyntheticBattles.Create(200)));
        Assert.Equal([60, 150], points.Select(point => point.Rows));
    }

    [Fact]
    public async Task Cross_validation_asks_for_what_a_trainer_owes()
    {
        var training = Training("judge", Validation.Default) with { Trainer = new WatchingTrainer { ForgetsOutOfFold = true } };
        await Assert.ThrowsAsync<InvalidOperationException>(() => training.RunAsync(new LabelledBattles(SyntheticBattles.Create(50))));
    }

    private static IJudgeTrainer Priors() => new PriorJudgeFormat().CreateTrainer(new Recipe("priors", []));

    /// <summary>Three battles for each prompt.</summary>
    private static Battle[] Grouped(IReadOnlyList<Battle> battles) =>
        [.. battles.Select((battle, i) => battle with { Turns = [battle.Turns[0] with { Prompt = $"Question {i / 3}?" }] })];

    private JudgeTraining Training(string name, Validation validation) =>
        new() { Trainer = Priors(), Kind = "priors", Out = _folder[name], Data = [], Validation = validation };

    /// <summary>
    /// Class shares; keeps what it was given to train on and what its judge, which counts as one of one order, was asked first.
    /// </summary>
    private sealed class WatchingTrainer : IJudgeTrainer
    {
        private readonly IJudgeTrainer _inner = Priors();

        public bool ForgetsOutOfFold { get; init; }

        public TrainingJob? Job { get; private set; }

        public JudgeRequest? Asked { get; private set; }

        public JsonObject ResolvedOptions => [];

        public async Task<TrainedJudge> TrainAsync(TrainingJob job, CancellationToken cancellationToken = default)
        {
            Job = job;
            var trained = await _inner.TrainAsync(job, cancellationToken);
            return trained with
            {
                Judge = new WatchedJudge(trained.Judge, request => Asked ??= request),
                OutOfFold = ForgetsOutOfFold ? null : trained.OutOfFold,
            };
        }
    }

    private sealed class WatchedJudge(IJudge inner, Action<JudgeRequest> watch) : IJudge
    {
        public JudgeTraits Traits => inner.Traits with { IsSymmetric = false };

        public Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default)
        {
            watch(request);
            return inner.JudgeAsync(request, cancellationToken);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
