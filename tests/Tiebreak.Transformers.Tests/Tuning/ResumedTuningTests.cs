using Tiebreak.Core;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Randomness;
using Tiebreak.Core.Training;
using Tiebreak.Testing;
using Tiebreak.Transformers.Tests.Judges;

namespace Tiebreak.Transformers.Tests.Tuning;

/// <summary>A training that is killed between any two things that it writes goes on to the same bytes as one that was not.</summary>
public sealed class ResumedTuningTests : IDisposable
{
    private static readonly LabelledBattles Battles = new(SyntheticBattles.Create(40));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("full", false)]
    [InlineData("lora", true)]
    public async Task A_training_that_is_killed_goes_on(string method, bool isHoldout) => await KillAsync(method, isHoldout, kills: 5);

    [SlowTheory]
    [InlineData("full", false)]
    [InlineData("full", true)]
    [InlineData("lora", false)]
    [InlineData("lora", true)]
    public async Task A_training_that_is_killed_very_often_goes_on(string method, bool isHoldout) =>
        await KillAsync(method, isHoldout, kills: 25);

    /// <summary>Also of steps that were taken more than once: to the bit.</summary>
    [SlowFact]
    public async Task A_training_that_is_killed_a_hundred_times_has_the_losses_of_one_that_was_not()
    {
        const int kills = 100;
        var recipe = TunedJudges.Recipe(
            TinyModel.Gemma(_folder), "full", change: tuning => (tuning["batch_size"], tuning["epochs"]) = (8, 30));
        var training = TunedJudges.Training(_folder["judge"], recipe, new Holdout(0.3));
        var expected = new Killer(int.MaxValue);
        _ = await (training with { Log = expected }).RunAsync(Battles);

        var random = new SeededRandom(3);
        var again = training with { Out = _folder["again"], WorkFolder = _folder["work"], Resume = true };
        for (var kill = 0; kill < kills; kill++)
        {
            var killer = new Killer(random.Next(6));
            _ = await Assert.ThrowsAsync<KilledException>(() => (again with { Log = killer }).RunAsync(Battles));
            Compare(killer.Losses);
        }

        var last = new Killer(int.MaxValue);
        _ = await (again with { Log = last }).RunAsync(Battles);
        Compare(last.Losses);
        Assert.Equal(expected.Losses.Keys.Max(), last.Losses.Keys.Max());
        Assert.InRange(last.Losses.Keys.Min(), kills / 4, int.MaxValue); // kills lay all along the way

        void Compare(IReadOnlyDictionary<double, double> losses) =>
            Assert.All(losses, step => Assert.Equal(expected.Losses[step.Key], step.Value));
    }

    /// <summary>Each step is shared; another number of devices would add gradients up in another order.</summary>
    [Fact]
    public async Task A_training_on_several_devices_goes_on_with_as_many()
    {
        var recipe = TunedJudges.Recipe(TinyModel.Gemma(_folder), "lora");
        var training = TunedJudges.Training(_folder["judge"], recipe, new Holdout(0.3)) with
        {
            Placement = new() { Device = "cpu,cpu", Threads = 2 },
        };
        _ = await training.RunAsync(Battles);
        var again = training with { Out = _folder["again"], WorkFolder = _folder["work"], Resume = true };
        _ = await Assert.ThrowsAsync<KilledException>(() => (again with { Log = new Killer(4) }).RunAsync(Battles));

        var other = again with { Placement = new() { Device = "cpu", Threads = 2 } };
        var error = await Assert.ThrowsAsync<InputException>(() => other.RunAsync(Battles));
        Assert.Contains("its device is cpu,cpu, and now it is cpu", error.Message, StringComparison.Ordinal);

        _ = await again.RunAsync(Battles);
        Assert.All(
            FilesIn("judge"), name => Assert.Equal(File.ReadAllBytes(_folder[$"judge/{name}"]), File.ReadAllBytes(_folder[$"again/{name}"])));
    }

    private async Task KillAsync(string method, bool isHoldout, int kills)
    {
        var recipe = TunedJudges.Recipe(TinyModel.Gemma(_folder), method, change: tuning =>
        {
            tuning["keep"] = "best";
            tuning["batch_size"] = 8;
            tuning["learning_rate"] = 0.03;
            tuning["evaluations_per_epoch"] = 2;
            tuning["ema"] = method is "full" ? 0.8 : 0;
            tuning["word_dropout"] = 0.1;
        });
        var training = TunedJudges.Training(_folder["judge"], recipe, isHoldout ? new Holdout(0.3) : new CrossValidation(2));
        _ = await training.RunAsync(Battles);

        var random = new SeededRandom(1);
        for (var (round, times) = (1, 0); times < kills; round++)
        {
            var again = $"again-{round}";
            var killed = training with { Out = _folder[again], WorkFolder = _folder[$"work-{round}"], Resume = true };
            while (!Directory.Exists(_folder[again]))
            {
                try
                {
                    var log = times < kills ? new Killer(random.Next(isHoldout ? 6 : 10)) : null;
                    _ = await (killed with { Log = log }).RunAsync(Battles);
                }
                catch (KilledException)
                {
                    times++;
                }
            }

            var names = FilesIn("judge");
            Assert.Equal(names, FilesIn(again));
            Assert.All(
                names, name => Assert.Equal(File.ReadAllBytes(_folder[$"judge/{name}"]), File.ReadAllBytes(_folder[$"{again}/{name}"])));
            Assert.False(Directory.Exists(_folder[$"work-{round}/fold-1"]));
        }
    }

    private string[] FilesIn(string folder) =>
    [
        .. Directory.EnumerateFiles(_folder[folder], "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(_folder[folder], path)).Order(StringComparer.Ordinal),
    ];

    /// <summary>Ends a training at one of the events that it logs between any two writes.</summary>
    private sealed class Killer(int events) : IProgress<TrainingEvent>
    {
        private int _left = events;

        /// <summary>The loss of each step, by its number.</summary>
        public Dictionary<double, double> Losses { get; } = [];

        public void Report(TrainingEvent value)
        {
            if (value.Numbers.TryGetValue("loss", out var loss))
                Losses.Add(value.Numbers["step"], loss);
            if (_left-- == 0)
                throw new KilledException();
        }
    }

    private sealed class KilledException : Exception;
}
