using Tiebreak.Core.Randomness;
using Tiebreak.Runs.Leases;
using Tiebreak.Runs.Results;
using Tiebreak.Runs.Storage;
using Tiebreak.Testing;

namespace Tiebreak.Runs.Tests;

/// <summary>A run that dies anywhere, any number of times, ends with the bytes of a run that nothing happened to.</summary>
public sealed class CrashTests
{
    [Theory]
    [InlineData(300, 1)]
    [InlineData(300, 2)]
    public Task Deaths_at_random_file_operations(int deaths, ulong seed) => DieAndResumeAsync(deaths, seed, _ => new MemoryStorage());

    [Fact]
    public Task Deaths_on_a_real_disk() => DieAndResumeAsync(25, seed: 3, folder => new DiskStorage(folder));

    [SlowFact]
    public Task A_thousand_deaths_on_a_real_disk() => DieAndResumeAsync(1000, seed: 4, folder => new DiskStorage(folder));

    private static async Task DieAndResumeAsync(int deaths, ulong seed, Func<string, IRunStorage> create)
    {
        using var fixture = new RunFixture(rows: 60);
        var submission = Path.GetFullPath(fixture.Submission);
        var undisturbed = create(fixture["undisturbed"]);
        var counting = new FaultyStorage(undisturbed);
        var judge = new TestJudge();
        var whole = await RunFixture.RunAsync(fixture.Request(judge.ForRun(), folder: "undisturbed"), counting);
        var expected = undisturbed.Read(submission);
        Assert.True(whole.IsComplete);
        Assert.Equal((60, 120), (whole.BothOrders, judge.Judged));

        var random = new SeededRandom(seed);
        for (var (died, round) = (0, 0); died < deaths; round++)
        {
            var storage = create(fixture[$"run-{round}"]);
            storage.Delete(submission);
            var dead = new HashSet<string>(StringComparer.Ordinal);

            // Often a resumed run dies once more; later deaths come sooner or later than the first.
            for (var isFinished = false; !isFinished;)
            {
                var before = HandedIn(storage);
                var diedBefore = died;
                var owner = LeaseOwner.OfThisProcess();
                var (survivor, at) =
                    (new TestJudge(), random.NextDouble() < 0.3 && dead.Count > 0 ? 0 : 1 + random.Next(counting.Operations));
                var faulty = new FaultyStorage(storage, at, afterEffect: random.Next(2) == 0);
                try
                {
                    await RunFixture.RunAsync(
                        fixture.Request(survivor.ForRun(), folder: $"run-{round}") with { Resume = true }, faulty, owner,
                        lost => dead.Contains(lost.Id));
                    isFinished = true;
                }
                catch (DeathException)
                {
                    dead.Add(owner.Id);
                    died++;
                }

                // What was finished is not done again; the shard in progress (at most 7 battles) dies with its worker.
                var handedIn = HandedIn(storage) - before;
                Assert.InRange(survivor.Judged, handedIn, handedIn + (died > diedBefore ? 7 : 0));
                Assert.True(
                    storage.Read(submission) is null || storage.Read(submission)!.Length > 60 * 20,
                    "a submission is there whole or not at all");
            }

            Assert.Equal(expected, storage.Read(submission));
        }
    }

    private static int HandedIn(IRunStorage storage) =>
        ShardMarker.Names(storage).Sum(shard => ShardMarker.Read(storage, shard)!.Rows);
}
