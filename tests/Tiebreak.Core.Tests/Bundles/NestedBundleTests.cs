using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Testing;

namespace Tiebreak.Core.Tests.Bundles;

/// <summary>A bundle of bundles: what an ensemble needs of opening, placement and proof.</summary>
public sealed class NestedBundleTests : IAsyncLifetime
{
    private static readonly Placement First = new() { Device = "cuda:0", Threads = 1 };
    private static readonly Placement Second = new() { Device = "cuda:1", Threads = 3, MemoryBytes = 1 << 30 };

    private readonly TemporaryFolder _folder = new();
    private readonly PlacedFormat _members = new();
    private readonly JudgeRegistry _registry;

    public NestedBundleTests() => _registry = new JudgeRegistry([_members, new MembersFormat(First, Second)]);

    public async ValueTask InitializeAsync()
    {
        var battles = SyntheticBattles.Create(200);
        var priors = _members.CreateTrainer(new Recipe("priors", []));
        await TrainAsync("one", "priors", priors, [.. battles.Take(100)]);
        await TrainAsync("two", "priors", priors, [.. battles.Skip(100).Where(battle => battle.Verdict == Verdict.A)]);
        await TrainAsync("judge", "members", new MembersFormat.MembersTrainer(_registry, _folder["one"], _folder["two"]), battles);
        _members.Placements.Clear();
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Each_member_opens_on_its_own_placement_and_the_bundle_says_what_its_members_say()
    {
        await using var bundle = await Bundle.OpenAsync(_folder["judge"], _registry);
        Assert.Equal([First, Second], _members.Placements);
        Assert.Equal(
            ["check.jsonl", "judge.json", "judge.sha256", "seen.bin"],
            bundle.Manifest.Files.Keys.Where(name => name.StartsWith("members/1/", StringComparison.Ordinal)).Select(name => name[10..]));

        await using var one = await Bundle.OpenAsync(_folder["one"], _registry);
        await using var two = await Bundle.OpenAsync(_folder["two"], _registry);
        var battles = SyntheticBattles.Create(3, labelled: false);
        var mean = (await one.Judge.JudgeAsync(battles)).Zip(await two.Judge.JudgeAsync(battles), SwapAveragedJudge.Mean);
        Assert.NotEqual((await one.Judge.JudgeAsync(battles))[0], (await two.Judge.JudgeAsync(battles))[0]);
        Assert.Equal(mean, await bundle.OneOrder.JudgeAsync(battles));
    }

    [Theory]
    [InlineData("judge.json")]
    [InlineData("check.jsonl")]
    public async Task A_damaged_member_is_found_by_the_hashes_of_the_outer_manifest(string file)
    {
        var path = Path.Combine(_folder["judge"], "members", "1", file);
        await File.AppendAllTextAsync(path, " ");
        var error = await Assert.ThrowsAsync<InputException>(
            () => Bundle.OpenAsync(_folder["judge"], _registry, verification: Verification.Hashes));
        Assert.Contains($"members/1/{file} has", error.Message, StringComparison.Ordinal);
        Assert.Empty(_members.Placements);
    }

    [Fact]
    public async Task A_member_that_the_manifest_does_not_name_is_not_opened()
    {
        var path = Path.Combine(_folder["judge"], "judge.json");
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(path))!;
        manifest["files"]!.AsObject().Remove("members/1/judge.json");
        ProvenManifest.Write(path, manifest.ToJsonString());

        var error = await Assert.ThrowsAsync<InputException>(() => Bundle.OpenAsync(_folder["judge"], _registry));
        Assert.Contains("names no bundle \"members/1\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Members_of_an_old_bundle_are_not_mistaken_for_somebody_elses()
    {
        await TrainAsync("judge", "priors", _members.CreateTrainer(new Recipe("priors", [])), SyntheticBattles.Create(50));
        Assert.False(Directory.Exists(Path.Combine(_folder["judge"], "members")));
    }

    private Task TrainAsync(string folder, string kind, IJudgeTrainer trainer, IReadOnlyList<Battle> battles) =>
        new JudgeTraining { Trainer = trainer, Kind = kind, Out = _folder[folder], Data = [] }.RunAsync(new LabelledBattles(battles));

    /// <summary>Judges of class shares that remember where they were opened.</summary>
    private sealed class PlacedFormat : IJudgeFormat
    {
        private readonly PriorJudgeFormat _inner = new();

        public List<Placement> Placements { get; } = [];

        public string Kind => _inner.Kind;

        public IJudgeTrainer CreateTrainer(Recipe recipe) => _inner.CreateTrainer(recipe);

        public Task<IJudge> OpenAsync(BundleOpening opening, CancellationToken cancellationToken = default)
        {
            Placements.Add(opening.Placement);
            return _inner.OpenAsync(opening, cancellationToken);
        }
    }
}
