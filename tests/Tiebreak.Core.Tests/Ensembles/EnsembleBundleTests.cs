using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Ensembles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Testing;

namespace Tiebreak.Core.Tests.Ensembles;

/// <summary>Bundles that consist of bundles: of judges of length, which prefer the longer response, more or less firmly.</summary>
public sealed class EnsembleBundleTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly LengthFormat _format = new();
    private readonly JudgeRegistry _registry;
    private readonly LabelledBattles _battles = new(SyntheticBattles.Create(120));
    private readonly Battle[] _new = [.. SyntheticBattles.Create(40, seed: 2, labelled: false)];

    public EnsembleBundleTests() => _registry = new JudgeRegistry([_format]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await TrainAsync("soft", firmness: 0.01);
        await TrainAsync("firm", firmness: 0.05);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_blend_says_in_both_orders_what_its_members_say_together(bool links)
    {
        await WriteBlendAsync(links);
        await using var bundle = await Bundle.OpenAsync(_folder["blend"], _registry, cancellationToken: Cancellation);
        await using var soft = await Bundle.OpenAsync(_folder["soft"], _registry, cancellationToken: Cancellation);
        await using var firm = await Bundle.OpenAsync(_folder["firm"], _registry, cancellationToken: Cancellation);
        Assert.Equal(!links, Directory.Exists(Path.Combine(_folder["blend"], "members")));

        var both = await AskAsync(bundle.OneOrder, Orders.Both);
        var first = await AskAsync(bundle.OneOrder, Orders.First);
        var second = await AskAsync(bundle.OneOrder, Orders.Second);
        var (ofSoft, ofFirm) =
            (await AskAsync(soft.WithSwap(SwapPolicy.Never), Orders.Both), await AskAsync(firm.WithSwap(SwapPolicy.Never), Orders.Both));
        var blend = Blend.Of(Pooling.Linear, [1, 3]);
        for (var i = 0; i < _new.Length; i++)
        {
            Assert.Equal(both[i].First, first[i].First);
            Assert.Equal(both[i].Second, second[i].Second);
            Assert.Equal(blend.Apply([ofSoft[i].First!.Value, ofFirm[i].First!.Value], _new[i]), both[i].First);
            Assert.NotEqual(both[i].First, both[i].Second);
        }
    }

    [Fact]
    public async Task Traits_are_those_that_members_have_together()
    {
        await WriteBlendAsync(links: false);
        await using var bundle = await Bundle.OpenAsync(_folder["blend"], _registry, cancellationToken: Cancellation);
        Assert.False(bundle.Judge.Traits.IsSymmetric && bundle.OneOrder.Traits.IsSymmetric);
        Assert.True(bundle.Manifest.Swap == SwapPolicy.Always);
        var reasons = await bundle.OneOrder.Traits.Explainer!.ExplainAsync(_new[0], Cancellation);
        Assert.Equal(["firm: length", "soft: length"], reasons.Select(reason => reason.Name));
        Assert.Equal(15, reasons[0].TowardsA / reasons[1].TowardsA, 1e-9); // five times as firm, three times the weight
        Assert.True(bundle.ReadSeen()!.HasBattle(_battles.Battles[0]));
    }

    [Fact]
    public async Task Members_in_turn_say_the_same_and_only_one_of_them_is_ever_open()
    {
        await WriteBlendAsync(links: false);
        JudgeOutcome[] together;
        await using (var bundle = await Bundle.OpenAsync(_folder["blend"], _registry, cancellationToken: Cancellation))
            together = await AskAsync(bundle.OneOrder, Orders.Both);
        Assert.Equal(0, _format.Open);

        _format.MostOpen = 0;
        var placement = new Placement { MembersInTurn = true };
        await using (var bundle = await Bundle.OpenAsync(_folder["blend"], _registry, placement, cancellationToken: Cancellation))
        {
            Assert.Equal(0, _format.Open);
            var requests = Enumerable.Range(0, 4).Select(_ => AskAsync(bundle.OneOrder, Orders.Both));
            Assert.All(await Task.WhenAll(requests), outcomes => Assert.Equal(together, outcomes));
            Assert.Equal(0, _format.Open); // every judge that was opened is disposed
        }

        Assert.Equal(1, _format.MostOpen);
    }

    [Fact]
    public async Task Devices_are_dealt_out_to_members()
    {
        await WriteBlendAsync(links: true);
        _format.Placements.Clear();
        var placement = new Placement { MemberDevices = ["cuda:0", "cuda:1"], Threads = 1 };
        await using var bundle = await Bundle.OpenAsync(_folder["blend"], _registry, placement, cancellationToken: Cancellation);
        Assert.Equal(["cuda:0", "cuda:1"], _format.Placements.Select(opened => opened.Device));
        Assert.Equal(_new.Length, (await AskAsync(bundle.OneOrder, Orders.First)).Length);
    }

    [Fact]
    public async Task A_battle_that_breaks_a_member_fails_alone_and_the_member_is_named()
    {
        await WriteBlendAsync(links: false);
        await using var bundle = await Bundle.OpenAsync(_folder["blend"], _registry, cancellationToken: Cancellation);
        Battle[] battles = [_new[0], _new[1] with { Id = LengthFormat.Breaks }, _new[2]];
        var outcomes = await bundle.OneOrder.JudgeAsync(new JudgeRequest { Battles = battles }, Cancellation);
        Assert.Equal("member soft: does not like it", outcomes[1].Failure!.Message);
        Assert.True(outcomes[0].First is { IsValid: true } && outcomes[2].First is { IsValid: true });
    }

    [Fact]
    public async Task A_linked_member_that_was_exchanged_or_moved_is_refused()
    {
        await WriteBlendAsync(links: true);
        await TrainAsync("soft", firmness: 0.02);
        var exchanged = await Assert.ThrowsAsync<InputException>(
            () => Bundle.OpenAsync(_folder["blend"], _registry, cancellationToken: Cancellation));
        Assert.Contains("is not the member \"soft\" that the ensemble", exchanged.Message, StringComparison.Ordinal);

        Directory.Delete(_folder["soft"], recursive: true);
        var missing = await Assert.ThrowsAsync<InputException>(
            () => Bundle.OpenAsync(_folder["blend"], _registry, cancellationToken: Cancellation));
        Assert.Contains("where no judge bundle is", missing.Message, StringComparison.Ordinal);
        Assert.Equal(0, _format.Open);
    }

    [Fact]
    public async Task A_cascade_asks_the_second_judge_only_where_the_first_is_not_sure()
    {
        const double Sure = 1.07;
        await WriteAsync("cascade", EnsembleFormat.Cascade, maxEntropy: Sure);
        await using var bundle = await Bundle.OpenAsync(_folder["cascade"], _registry, cancellationToken: Cancellation);
        await using var soft = await Bundle.OpenAsync(_folder["soft"], _registry, cancellationToken: Cancellation);
        await using var firm = await Bundle.OpenAsync(_folder["firm"], _registry, cancellationToken: Cancellation);
        var (cheap, expensive) =
            (await AskAsync(soft.WithSwap(SwapPolicy.Never), Orders.Both), await AskAsync(firm.WithSwap(SwapPolicy.Never), Orders.Both));
        var both = await AskAsync(bundle.OneOrder, Orders.Both);
        var sure = 0;
        for (var i = 0; i < _new.Length; i++)
        {
            var isSure = CascadeJudge.IsSure(cheap[i].First!.Value, Sure);
            sure += isSure ? 1 : 0;
            Assert.Equal(isSure ? cheap[i].First : expensive[i].First, both[i].First);
        }

        Assert.InRange(sure, 1, _new.Length - 1);
        _format.Asked.Clear();
        var first = await AskAsync(bundle.OneOrder, Orders.First);
        Assert.Equal([_new.Length, _new.Length - sure], _format.Asked);
        var second = await AskAsync(bundle.OneOrder, Orders.Second);
        Assert.Equal(both.Select(outcome => outcome.First), first.Select(outcome => outcome.First));
        Assert.Equal(both.Select(outcome => outcome.Second), second.Select(outcome => outcome.Second));
    }

    [Fact]
    public async Task A_stack_gives_what_its_members_say_to_the_judge_on_top()
    {
        await TrainAsync("top", firmness: LengthFormat.ReadsNumbers);
        await WriteAsync("stack", EnsembleFormat.Stack, members: ["soft", "firm", "top"]);
        await using var bundle = await Bundle.OpenAsync(_folder["stack"], _registry, cancellationToken: Cancellation);
        await using var firm = await Bundle.OpenAsync(_folder["firm"], _registry, cancellationToken: Cancellation);
        var expected = await AskAsync(firm.WithSwap(SwapPolicy.Never), Orders.Both);
        var found = await AskAsync(bundle.OneOrder, Orders.Both);
        for (var i = 0; i < _new.Length; i++)
        {
            Assert.Equal(expected[i].First!.Value.A, found[i].First!.Value.A, 1e-12);
            Assert.Equal(expected[i].Second!.Value.A, found[i].Second!.Value.A, 1e-12);
        }

        Assert.Empty(bundle.OneOrder.Traits.Numbers);
    }

    [Fact]
    public async Task A_damaged_description_is_refused()
    {
        await WriteBlendAsync(links: false);
        var path = Path.Combine(_folder["blend"], "ensemble.json");
        await File.WriteAllTextAsync(
            path, (await File.ReadAllTextAsync(path, Cancellation)).Replace("0.75", "0.85", StringComparison.Ordinal), Cancellation);
        await Assert.ThrowsAsync<InputException>(() => Bundle.OpenAsync(_folder["blend"], _registry, cancellationToken: Cancellation));
        var error = await Assert.ThrowsAsync<InputException>(
            () => Bundle.OpenAsync(_folder["blend"], _registry, verification: Verification.None, cancellationToken: Cancellation));
        Assert.Contains("ensemble.json is damaged", error.Message, StringComparison.Ordinal);
    }

    private Task<JudgeOutcome[]> AskAsync(IJudge judge, Orders orders) =>
        judge.JudgeAsync(new JudgeRequest { Battles = _new, Orders = orders }, Cancellation);

    private Task<BundleManifest> WriteBlendAsync(bool links) =>
        WriteAsync("blend", EnsembleFormat.Blend, links, Blend.Of(Pooling.Linear, [1, 3]));

    private Task<BundleManifest> WriteAsync(
        string name, string kind, bool links = false, Blend? blend = null, double? maxEntropy = null, string[]? members = null) =>
        new EnsembleBundle
        {
            Kind = kind,
            Out = _folder[name],
            Names = members ?? ["soft", "firm"],
            Members = [.. (members ?? ["soft", "firm"]).Select(member => _folder[member])],
            Links = links,
            Blend = blend,
            MaxEntropy = maxEntropy,
            Recipe = [],
            Fitted = _battles,
            Preferences = [.. _battles.Targets.Select(_ => Preference.Uniform)],
            Data = [],
        }.WriteAsync(_registry, new Placement(), Cancellation);

    private Task TrainAsync(string name, double firmness) => new JudgeTraining
    {
        Trainer = _format.CreateTrainer(new Recipe(_format.Kind, new JsonObject { ["firmness"] = firmness })),
        Kind = _format.Kind,
        Out = _folder[name],
        Data = [],
        Calibrator = new Calibrator(CalibrationMethod.None),
    }.RunAsync(_battles, cancellationToken: Cancellation);

    /// <summary>Judges that prefer the longer response and the first one; they count how many of them are open.</summary>
    private sealed class LengthFormat : IJudgeFormat
    {
        public const string Breaks = "breaks";
        public const double ReadsNumbers = -1; // a judge that says what the second member of a stack says

        public string Kind => "length";

        public int Open { get; private set; }

        public int MostOpen { get; set; }

        public List<int> Asked { get; } = [];

        public List<Placement> Placements { get; } = [];

        public IJudgeTrainer CreateTrainer(Recipe recipe) => new Trainer(recipe.Options);

        public Task<IJudge> OpenAsync(BundleOpening opening, CancellationToken cancellationToken = default)
        {
            lock (Placements)
            {
                Placements.Add(opening.Placement);
                MostOpen = Math.Max(MostOpen, ++Open);
            }

            return Task.FromResult<IJudge>(new LengthJudge((double)opening.Manifest.Recipe["firmness"]!, this));
        }

        private sealed class Trainer(JsonObject options) : IJudgeTrainer
        {
            public JsonObject ResolvedOptions => (JsonObject)options.DeepClone();

            public Task<TrainedJudge> TrainAsync(TrainingJob job, CancellationToken cancellationToken = default) =>
                Task.FromResult(new TrainedJudge
                {
                    Judge = new LengthJudge((double)options["firmness"]!, format: null),
                    OutOfFold = [.. job.Battles.Battles.Select(_ => Preference.Uniform)],
                    SaveAsync = _ => Task.CompletedTask,
                });
        }

        private sealed class LengthJudge(double firmness, LengthFormat? format) : IJudge, IBattleExplainer
        {
            public JudgeTraits Traits => new()
            {
                Explainer = this,
                Numbers = firmness == ReadsNumbers ? [StackedJudge.NumbersOf(1).A, StackedJudge.NumbersOf(1).B] : [],
            };

            public Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default)
            {
                lock (format?.Asked ?? [])
                    format?.Asked.Add(request.Battles.Count);
                return request.AnswerAsync(
                    (battles, _) => Task.FromResult<JudgeOutcome[]>([.. battles.Select(Judge)]), isSymmetric: false);
            }

            public Task<IReadOnlyList<Reason>> ExplainAsync(Battle battle, CancellationToken cancellationToken = default) =>
                Task.FromResult<IReadOnlyList<Reason>>([new Reason("length", 1, firmness, 0)]);

            public ValueTask DisposeAsync()
            {
                if (format is not null)
                {
                    lock (format.Placements)
                        format.Open--;
                }

                return ValueTask.CompletedTask;
            }

            private JudgeOutcome Judge(Battle battle)
            {
                if (string.Equals(battle.Id, Breaks, StringComparison.Ordinal))
                    return JudgeOutcome.Of(new JudgeFailure(FailureCode.BattleFailed, "does not like it"));
                if (firmness == ReadsNumbers)
                {
                    var (a, b) = (battle.Numbers?.GetValueOrDefault("member1_a") ?? 0.3, battle.Numbers?.GetValueOrDefault("member1_b") ?? 0.3);
                    return JudgeOutcome.Of(new Preference(a, b, 1 - a - b));
                }

                var longer = battle.Turns[0].ResponseA!.Length - battle.Turns[0].ResponseB!.Length;
                return JudgeOutcome.Of(Preference.FromScores((firmness * longer) + 0.1, 0, 0));
            }
        }
    }
}
