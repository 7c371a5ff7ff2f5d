using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Core.Tests.Evaluation;

/// <summary>Simulated judges of 500 battles: planted mistakes are found, honest judges raise no alarm.</summary>
public sealed class PredictionAlarmTests
{
    private const int Rows = 500;
    private const int Planted = 20;

    [Fact]
    public void None_of_200_honest_judges_raises_an_alarm()
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            // From one that knows next to nothing to one that knows much; with and without ties, some of one class mostly.
            var (truth, labelled) = Simulate(seed, knowledge: 0.1 + (seed % 10 * 0.2), ties: seed % 4 * 0.15, bias: seed % 3 * 0.6);
            Assert.Empty(PredictionAlarms.Find(truth, labelled));
        }
    }

    [Theory]
    [InlineData(nameof(PredictionAlarmKind.Exchanged))]
    [InlineData(nameof(PredictionAlarmKind.Shifted))]
    [InlineData(nameof(PredictionAlarmKind.OneClass))]
    [InlineData(nameof(PredictionAlarmKind.Constant))]
    [InlineData(nameof(PredictionAlarmKind.TooFlat))]
    [InlineData(nameof(PredictionAlarmKind.TooSharp))]
    [InlineData(nameof(PredictionAlarmKind.WorseThanShares))]
    public void Every_planted_mistake_is_found(string mistake)
    {
        var kind = Enum.Parse<PredictionAlarmKind>(mistake);
        for (ulong seed = 0; seed < Planted; seed++)
        {
            var (truth, labelled) = Simulate(seed, knowledge: 1.3, ties: 0.3, bias: 0);
            Assert.Equal(kind, Assert.Single(PredictionAlarms.Find(Spoilt(truth, kind, seed), labelled)).Kind);
        }
    }

    [Fact]
    public void On_battles_without_ties_a_judge_that_expects_some_raises_no_alarm_and_mistakes_are_still_found()
    {
        for (ulong seed = 0; seed < Planted; seed++)
        {
            var (truth, labelled) = Simulate(seed, knowledge: 1.3, ties: 0, bias: 0);
            Preference[] expectsTies = [.. truth.Select(said => new Preference(0.7 * said.A, 0.7 * said.B, 0.3))];
            Assert.Empty(PredictionAlarms.Find(expectsTies, labelled));
            Assert.Equal(
                PredictionAlarmKind.Exchanged,
                Assert.Single(PredictionAlarms.Find([.. expectsTies.Select(said => said.Swapped())], labelled)).Kind);
        }
    }

    [Fact]
    public void Bare_verdicts_are_looked_at_without_regard_to_their_sharpness()
    {
        var (truth, labelled) = Simulate(seed: 1, knowledge: 1.3, ties: 0.3, bias: 0);
        Preference[] verdicts = [.. truth.Select(said => Preference.Certain(said.Top))];

        Assert.Empty(PredictionAlarms.Find(verdicts, labelled, areProbabilities: false));
        Assert.Equal(PredictionAlarmKind.TooSharp, Assert.Single(PredictionAlarms.Find(verdicts, labelled)).Kind);
        Assert.Equal(
            PredictionAlarmKind.Exchanged,
            Assert.Single(PredictionAlarms.Find([.. verdicts.Select(said => said.Swapped())], labelled, areProbabilities: false)).Kind);
    }

    [Fact]
    public void Two_judges_are_put_beside_each_other_without_labels()
    {
        var (truth, _) = Simulate(seed: 2, knowledge: 1.3, ties: 0.3, bias: 0);
        Preference[] other = [.. truth.Select(said => Preference.Normalised(said.A + 0.1, said.B + 0.1, said.Tie + 0.2))];

        Assert.Empty(PredictionAlarms.FindBeside(truth, other, "the other file"));
        Assert.Equal(
            PredictionAlarmKind.Exchanged,
            Assert.Single(PredictionAlarms.FindBeside([.. truth.Select(said => said.Swapped())], other, "the other file")).Kind);
        Assert.Equal(
            PredictionAlarmKind.Shifted,
            Assert.Single(PredictionAlarms.FindBeside(Spoilt(truth, PredictionAlarmKind.Shifted, seed: 2), other, "the other file")).Kind);
    }

    [Fact]
    public void A_handful_of_battles_says_nothing()
    {
        var (truth, labelled) = Simulate(seed: 3, knowledge: 1.3, ties: 0.3, bias: 0);
        var few = labelled.Only([.. Enumerable.Range(0, 15)]);
        Assert.Empty(PredictionAlarms.Find([.. truth.Take(15).Select(said => said.Swapped())], few));
    }

    private static Preference[] Spoilt(Preference[] truth, PredictionAlarmKind kind, ulong seed)
    {
        var random = new SeededRandom(seed, stream: 9);
        return kind switch
        {
            PredictionAlarmKind.Exchanged => [.. truth.Select(said => said.Swapped())],
            PredictionAlarmKind.Shifted => seed % 2 == 0
                ? [.. truth.Skip(1 + (int)(seed % 5)), .. truth.Take(1 + (int)(seed % 5))]
                : [.. truth.TakeLast(1), .. truth.SkipLast(1)],
            PredictionAlarmKind.OneClass when seed % 2 == 0 =>
                [.. truth.Select(said => Preference.Normalised(said.A + 4, said.B, said.Tie))],
            PredictionAlarmKind.OneClass => [.. truth.Select(said => Preference.Normalised(said.A, said.B, said.Tie + 4))],
            PredictionAlarmKind.Constant => [.. truth.Select(_ => new Preference(0.4, 0.35, 0.25))],
            PredictionAlarmKind.TooFlat => [.. truth.Select(said => Preference.FromScores(said.A, said.B, said.Tie))],
            PredictionAlarmKind.TooSharp =>
                [.. truth.Select(said => Preference.FromScores(5 * Math.Log(said.A), 5 * Math.Log(said.B), 5 * Math.Log(said.Tie)))],
            _ => [.. truth.Select(_ => Preference.FromScores(1.2 * Normal(ref random), 1.2 * Normal(ref random), Normal(ref random)))],
        };
    }

    /// <summary>A calibrated judge and battles that end as it says; one in three shares its prompt with the one before.</summary>
    private static (Preference[] Truth, LabelledBattles Labelled) Simulate(ulong seed, double knowledge, double ties, double bias)
    {
        var random = new SeededRandom(seed, stream: 1);
        var (truth, battles) = (new Preference[Rows], new Battle[Rows]);
        for (var i = 0; i < Rows; i++)
        {
            var (a, b) = (bias + (knowledge * Normal(ref random)), knowledge * Normal(ref random));
            var decided = Preference.FromScores(a, b, double.MinValue);
            var tie = ties == 0 ? 0 : 1 / (1 + Math.Exp(-Math.Log(ties / (1 - ties)) - (0.5 * knowledge * Normal(ref random))));
            truth[i] = new Preference(decided.A * (1 - tie), decided.B * (1 - tie), tie);
            var draw = random.NextDouble();
            battles[i] = new Battle
            {
                Id = $"{i}",
                Turns = [new Turn($"prompt {i - (i % 3 == 2 ? 1 : 0)}", "a", "b")],
                Verdict = draw < truth[i].A ? Verdict.A : draw < truth[i].A + truth[i].B ? Verdict.B : Verdict.Tie,
            };
        }

        return (truth, new LabelledBattles(battles));
    }

    private static double Normal(ref SeededRandom random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
