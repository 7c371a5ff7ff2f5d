using System.Text.Json.Nodes;
using CsCheck;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Training;
using Tiebreak.Testing;

namespace Tiebreak.Core.Tests.Training;

public sealed class WeightedTrainingTests : IDisposable
{
    private static readonly IReadOnlyList<Battle> Battles = SyntheticBattles.Create(40);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Whole_weights_do_to_the_priors_what_as_many_copies_do() => Gen.Int[1, 4].Array[Battles.Count].Sample(
        weights =>
        {
            var weighted = new LabelledBattles(Battles) { Weights = [.. weights.Select(weight => (double)weight)] };
            var copies = new LabelledBattles([.. Battles.SelectMany((battle, i) => Enumerable.Repeat(battle, weights[i]))]);
            Assert.Equal(PriorOf(copies), PriorOf(weighted));
        },
        iter: 50);

    [Fact]
    public void A_part_of_the_battles_keeps_their_weights()
    {
        var labelled = new LabelledBattles(Battles) { Weights = [.. Enumerable.Range(1, Battles.Count).Select(i => (double)i)] };
        Assert.Equal([4, 1], labelled.Only([3, 0]).Weights);
        Assert.Equal([2], labelled.Only([3, 1]).Only([1]).Weights);
    }

    [Fact]
    public async Task The_bundle_says_what_weights_there_were_and_its_priors_follow_them()
    {
        var labelled = new LabelledBattles(Battles)
        {
            Weights = [.. Battles.Select(battle => battle.Verdict is Verdict.Tie ? 0.25 : 1)],
        };
        var origin = new WeightsOrigin(new DataFingerprint("weights.csv", 40, "abc"), Without: 0, LeftOut: 2);
        var manifest = (await (Training(new PriorJudgeFormat().CreateTrainer(new Recipe("priors", []))) with { Weights = origin })
            .RunAsync(labelled)).Manifest;

        Assert.Equal(PriorJudge.SharesOf(labelled.Targets.Zip(labelled.Weights)), manifest.Prior);
        var facts = manifest.Training!["weights"]!;
        Assert.Equal(("weights.csv", 2, 0.25), ((string)facts["file"]!, (int)facts["left_out"]!, (double)facts["least"]!));
        var ties = Battles.Count(battle => battle.Verdict is Verdict.Tie);
        var (sum, squares) = (Battles.Count - (0.75 * ties), Battles.Count - ((1 - 0.0625) * ties));
        Assert.Equal(sum * sum / squares, (double)facts["effective_battles"]!, 9);
    }

    [Fact]
    public async Task Kinds_that_cannot_weigh_battles_say_so_before_they_begin()
    {
        var labelled = new LabelledBattles(Battles) { Weights = [.. Battles.Select((_, i) => i == 7 ? 2.0 : 1)] };
        var error = await Assert.ThrowsAsync<InputException>(() => Training(new EvenTrainer()).RunAsync(labelled));
        Assert.Contains("cannot weigh battles", error.Message, StringComparison.Ordinal);
        Assert.Equal(["weights"], error.Parameters);
    }

    [Fact]
    public async Task Kinds_that_do_not_learn_from_teachers_say_so_before_they_begin()
    {
        var labelled = new LabelledBattles(Battles).WithTeachers([new Preference?[Battles.Count]]);
        var error = await Assert.ThrowsAsync<InputException>(() => Training(new EvenTrainer()).RunAsync(labelled));
        Assert.Contains("does not learn from what other judges said", error.Message, StringComparison.Ordinal);
        Assert.Equal(["teachers"], error.Parameters);
    }

    [Fact]
    public void A_part_of_the_battles_keeps_what_teachers_said_of_them()
    {
        Preference?[] said = [.. Battles.Select((_, i) => i == 3 ? null : (Preference?)new Preference(i / 40.0, 1 - (i / 40.0), 0))];
        var labelled = new LabelledBattles(Battles) { Weights = [.. Battles.Select((_, i) => i + 1.0)] }.WithTeachers([said, said]);
        var part = labelled.Only([5, 3]).Only([1, 0]);
        Assert.Equal(2, part.Teachers.Count);
        Assert.All(part.Teachers, teacher => Assert.Equal([null, said[5]], teacher));
        Assert.Equal([4, 6], part.Weights);
        Assert.Equal(new LabelledBattles(Battles).Only([3, 5]).Groups, part.Groups);
    }

    [Fact]
    public void Work_depends_on_what_teachers_said()
    {
        var training = Training(new PriorJudgeFormat().CreateTrainer(new Recipe("priors", [])));
        var (none, one) = (new Preference?[Battles.Count], new Preference?[Battles.Count]);
        one[7] = new Preference(0.5, 0.25, 0.25);
        var identities = new[] { [], [none], [one], [none, one], (Preference?[][])[one, none] }
            .Select(teachers => WorkIdentity.Of(training, new LabelledBattles(Battles).WithTeachers(teachers))["sequence of battles"]);
        Assert.Equal(5, identities.Distinct(StringComparer.Ordinal).Count());
    }

    private static Preference PriorOf(LabelledBattles labelled)
    {
        var job = new TrainingJob { Battles = labelled, Folds = new int[labelled.Count], FoldCount = 1, HeldOut = labelled };
        var trained = new PriorJudgeFormat().CreateTrainer(new Recipe("priors", [])).TrainAsync(job).Result;
        return Assert.IsType<PriorJudge>(trained.Judge).Prior;
    }

    private JudgeTraining Training(IJudgeTrainer trainer) => new()
    {
        Trainer = trainer,
        Kind = "priors",
        Out = _folder["judge"],
        Data = [],
    };

    private sealed class EvenTrainer : IJudgeTrainer
    {
        public JsonObject ResolvedOptions => [];

        public Task<TrainedJudge> TrainAsync(TrainingJob job, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("must not be asked");
    }
}
