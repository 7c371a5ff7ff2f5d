using System.Text.Json.Nodes;
using Tiebreak.Core.Abstention;
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

    [Theory]
    [InlineData(0.2, 0.6, 0.5)] // by the weights 1 and 3
    [InlineData(0.2, null, 0.2)]
    [InlineData(null, 0.6, 0.6)]
    [InlineData(null, null, null)]
    public async Task A_blend_says_how_likely_neither_is_acceptable_as_its_members_do_that_say_it(double? soft, double? firm, double? expected)
    {
        await TrainAsync("soft", firmness: 0.01, soft);
        await TrainAsync("firm", firmness: 0.05, firm);
        await WriteBlendAsync(links: true);
        await using var bundle = await Bundle.OpenAsync(_folder["blend"], _registry, cancellationToken: Cancellation);
        Assert.Equal(expected is not null, bundle.Judge.Traits.EstimatesAcceptability);
        Assert.All(await AskAsync(bundle.Judge, Orders.First), outcome => AssertNear(expected, outcome.NeitherAcceptable));
    }

    [Fact]
    public async Task A_cascade_says_how_likely_neither_is_acceptable_as_the_judge_does_that_decides()
    {
        await TrainAsync("firm", firmness: 0.05, neither: 0.6);
        var cheapAlone = await NeitherOfCascadeAsync();
        Assert.Equal([null, 0.6], cheapAlone.Distinct().Order());
        await TrainAsync("firm", firmness: 0.05);
        await TrainAsync("soft", firmness: 0.01, neither: 0.2);
        Assert.All(await NeitherOfCascadeAsync(), neither => Assert.Equal(0.2, neither));

        async Task<double?[]> NeitherOfCascadeAsync()
        {
            await WriteAsync("cascade", EnsembleFormat.Cascade, links: true, maxEntropy: 1.07);
            await using var bundle = await Bundle.OpenAsync(_folder["cascade"], _registry, cancellationToken: Cancellation);
            return Array.ConvertAll(await AskAsync(bundle.OneOrder, Orders.First), outcome => outcome.NeitherAcceptable);
        }
    }

    [Theory]
    [InlineData(0.9, 0.9)]
    [InlineData(null, 0.4)] // the mean of its members
    public async Task A_stack_says_how_likely_neither_is_acceptable_as_the_judge_on_top_does_or_else_its_members(double? top, double expected)
    {
        await TrainAsync("soft", firmness: 0.01, neither: 0.2);
        await TrainAsync("firm", firmness: 0.05, neither: 0.6);
        await TrainAsync("top", firmness: LengthFormat.ReadsNumbers, top);
        await WriteAsync("stack", EnsembleFormat.Stack, members: ["soft", "firm", "top"]);
        await using var bundle = await Bundle.OpenAsync(_folder["stack"], _registry, cancellationToken: Cancellation);
        Assert.True(bundle.Judge.Traits.EstimatesAcceptability);
        Assert.All(await AskAsync(bundle.Judge, Orders.First), outcome => AssertNear(expected, outcome.NeitherAcceptable));
    }

    [Fact]
    public async Task A_blend_abstains_where_all_its_members_do_and_by_its_own_rule_alone_once_it_has_one()
    {
        await AddRuleAsync("soft", maxEntropy: 1.09, SwapPolicy.Never);
        await AddRuleAsync("firm", maxEntropy: 1.0, SwapPolicy.Never);
        await WriteBlendAsync(links: true);
        bool[] all;
        await using (var bundle = await Bundle.OpenAsync(_folder["blend"], _registry, cancellationToken: Cancellation))
        {
            Assert.True(bundle.Judge.Traits.Abstains);
            all = await AbstainsAsync(bundle);
        }

        await using var soft = await Bundle.OpenAsync(_folder["soft"], _registry, cancellationToken: Cancellation);
        await using var firm = await Bundle.OpenAsync(_folder["firm"], _registry, cancellationToken: Cancellation);
        Assert.Equal((await AbstainsAsync(soft)).Zip(await AbstainsAsync(firm), (one, other) => one && other), all);
        Assert.Contains(true, all);
        Assert.Contains(false, all);

        await AddRuleAsync("blend", maxEntropy: 2, SwapPolicy.Always);
        await using var ruled = await Bundle.OpenAsync(_folder["blend"], _registry, cancellationToken: Cancellation);
        Assert.All(await AbstainsAsync(ruled), Assert.False);

        async Task<bool[]> AbstainsAsync(Bundle bundle) =>
            Array.ConvertAll(await AskAsync(bundle.Judge, Orders.First), outcome => outcome.AbstainedBy is not null);
    }

    [Fact]
    public void Every_registry_has_the_kinds_of_ensembles_also_one_that_is_made_of_another()
    {
        string[] kinds = ["blend", "cascade", "length", "linear", "stack"];
        Assert.Equal(kinds, _registry.Kinds);
        Assert.Equal(kinds, new JudgeRegistry(_registry.Kinds.Select(kind => _registry[kind])).Kinds);
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

    private async Task AddRuleAsync(string name, double maxEntropy, SwapPolicy swap)
    {
        await using var bundle = await Bundle.OpenAsync(_folder[name], _registry, cancellationToken: Cancellation);
        var manifest = bundle.Manifest with
        {
            Swap = swap,
            Abstention = new AbstentionRule
            {
                Outcome = NamedOutcome.ThreeWay,
                MaxError = 0.5,
                Confidence = 0.95,
                MaxEntropy = maxEntropy,
                Rows = 100,
                Answered = 50,
                Errors = 10,
            },
        };
        await BundleWriter.RewriteAsync(bundle, _folder[name], _folder[name], manifest, Cancellation);
    }

    private static void AssertNear(double? expected, double? found)
    {
        Assert.Equal(expected is null, found is null);
        Assert.Equal(expected ?? 0, found ?? 0, 1e-12);
    }

    private Task TrainAsync(string name, double firmness, double? neither = null) => new JudgeTraining
    {
        Trainer = _format.CreateTrainer(
            new Recipe(_format.Kind, new JsonObject { ["firmness"] = firmness, ["neither"] = neither })),
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

            return Task.FromResult<IJudge>(new LengthJudge(opening.Manifest.Recipe, this));
        }

        private sealed class Trainer(JsonObject options) : IJudgeTrainer
        {
            public JsonObject ResolvedOptions => (JsonObject)options.DeepClone();

            public Task<TrainedJudge> TrainAsync(TrainingJob job, CancellationToken cancellationToken = default) =>
                Task.FromResult(new TrainedJudge
                {
                    Judge = new LengthJudge(options, format: null),
                    OutOfFold = [.. job.Battles.Battles.Select(_ => Preference.Uniform)],
                    SaveAsync = _ => Task.CompletedTask,
                });
        }

        private sealed class LengthJudge(JsonObject options, LengthFormat? format) : IJudge, IBattleExplainer
        {
            private readonly double _firmness = (double)options["firmness"]!;
            private readonly double? _neither = (double?)options["neither"];

            public JudgeTraits Traits => new()
            {
                Explainer = this,
                EstimatesAcceptability = _neither is not null,
                Numbers = _firmness == ReadsNumbers ? [StackedJudge.NumbersOf(1).A, StackedJudge.NumbersOf(1).B] : [],
            };

            public Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default)
            {
                lock (format?.Asked ?? [])
                    format?.Asked.Add(request.Battles.Count);
                return request.AnswerAsync(
                    (battles, _) => Task.FromResult<JudgeOutcome[]>(
                        [.. battles.Select(battle => Judge(battle) with { NeitherAcceptable = _neither })]),
                    isSymmetric: false);
            }

            public Task<IReadOnlyList<Reason>> ExplainAsync(Battle battle, CancellationToken cancellationToken = default) =>
                Task.FromResult<IReadOnlyList<Reason>>([new Reason("length", 1, _firmness, 0)]);

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
                if (_firmness == ReadsNumbers)
                {
                    var (a, b) = (battle.Numbers?.GetValueOrDefault("member1_a") ?? 0.3, battle.Numbers?.GetValueOrDefault("member1_b") ?? 0.3);
                    return JudgeOutcome.Of(new Preference(a, b, 1 - a - b));
                }

                var longer = battle.Turns[0].ResponseA!.Length - battle.Turns[0].ResponseB!.Length;
                return JudgeOutcome.Of(Preference.FromScores((_firmness * longer) + 0.1, 0, 0));
            }
        }
    }
}
