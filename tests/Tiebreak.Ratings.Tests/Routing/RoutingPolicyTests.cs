using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Embeddings;
using Tiebreak.Core.Evaluation;
using Tiebreak.Ratings.Routing;
using Tiebreak.Testing;

namespace Tiebreak.Ratings.Tests.Routing;

public sealed class RoutingPolicyTests
{
    private static readonly IReadOnlyList<Battle> Battles = new PlantedBattles(effect: 2).Create(800);

    private static readonly KindPredictor.Format Format = FormatOf(effect: 2);

    [Fact]
    public async Task It_sends_prompts_to_the_cheapest_that_is_good_enough_and_says_why()
    {
        using var folder = new TemporaryFolder();
        var outcome = await Training(folder["policy"]).RunAsync(Battles);
        Assert.True(outcome.Manifest.UsesPrompts);
        Assert.StartsWith("Prompts are used because they help", outcome.Manifest.PromptsReason, StringComparison.Ordinal);
        Assert.True(outcome.Gain.ToBradleyTerry.Upper < 0);

        var policy = await RoutingPolicy.OpenAsync(folder["policy"], Format);
        var code = policy.Choose("Write a function that sorts doors.", 0.75);
        Assert.Equal(("coder-1", 2, 10), (code.Model, code.Cost, code.ReferenceCost));
        Assert.Equal(
            "coder-1 is the cheapest model that wins or ties against titan-large with a probability of at least 75 %: it has 82 %.",
            code.Reason);
        Assert.Equal(["titan-large", "coder-1", "poet-1", "tiny-1"], code.Candidates.Select(candidate => candidate.Model));
        var fact = policy.Choose("Who discovered glass?", 0.75);
        Assert.Equal((PlantedBattles.Strong, 1.0), (fact.Model, fact.Probability));
        Assert.StartsWith(
            "No cheaper model wins or ties against titan-large with a probability of at least 75 %: the best, coder-1, has",
            fact.Reason,
            StringComparison.Ordinal);
        Assert.Equal("tiny-1", policy.Choose("Who discovered glass?", 0.1).Model);
        Assert.Equal(policy.Choose("Who?", 0.5).Model, policy.Choose("Who?").Model);
        Assert.True(policy.ReadSeen().HasPrompt(Battles[3]));
    }

    [Fact]
    public async Task It_does_not_look_at_prompts_where_that_is_not_known_to_help()
    {
        using var folder = new TemporaryFolder();
        var same = FormatOf(effect: 0);
        var outcome = await (Training(folder["policy"]) with { Format = same }).RunAsync(new PlantedBattles(effect: 0).Create(800));
        Assert.False(outcome.Manifest.UsesPrompts);
        Assert.Contains("not certain that they help: on 800 held-out votes", outcome.Manifest.PromptsReason, StringComparison.Ordinal);
        var policy = await RoutingPolicy.OpenAsync(folder["policy"], same);
        Assert.False(policy.Predictor.UsesPrompts);
        Assert.Contains("on any prompt", policy.Choose("Write a function that sorts doors.", 0.3).Reason, StringComparison.Ordinal);

        var forced = await (Training(folder["policy"]) with { Format = same, Prompts = PromptUse.Always })
            .RunAsync(new PlantedBattles(effect: 0).Create(800));
        Assert.True(forced.Manifest.UsesPrompts);
        Assert.Contains("because it was asked for", forced.Manifest.PromptsReason, StringComparison.Ordinal);
        Assert.False((await (Training(folder["policy"]) with { Prompts = PromptUse.Never }).RunAsync(Battles)).Manifest.UsesPrompts);
    }

    [Fact]
    public async Task A_damaged_policy_does_not_open()
    {
        using var folder = new TemporaryFolder();
        await Training(folder["policy"]).RunAsync(Battles);
        var manifest = Path.Combine(folder["policy"], PolicyManifest.FileName);
        var text = await File.ReadAllTextAsync(manifest);
        await Refused("\"format_version\": 2", "\"format_version\": 9", "has version 9 of a routing policy, but this program reads");
        await Refused("\"format_version\": 2", "\"format_version\": \"x\"", "is damaged");
        await Refused("\"planted\"", "\"oracle\"", "kind of predictor \"oracle\"");
        await Refused("{", "", "is damaged");
        await Refused("\"planted.txt\"", "\"../planted.txt\"", "outside the routing policy");
        ProvenManifest.Write(manifest, text);

        await File.WriteAllTextAsync(Path.Combine(folder["policy"], "planted.txt"), "True 0.1");
        Assert.Contains(
            "damaged: planted.txt",
            (await Assert.ThrowsAsync<InputException>(() => RoutingPolicy.OpenAsync(folder["policy"], Format))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "is not a routing policy",
            (await Assert.ThrowsAsync<InputException>(() => RoutingPolicy.OpenAsync(folder.Path, Format))).Message,
            StringComparison.Ordinal);

        async Task Refused(string old, string changed, string said)
        {
            ProvenManifest.Write(manifest, text.Replace(old, changed, StringComparison.Ordinal));
            var error = await Assert.ThrowsAsync<InputException>(() => RoutingPolicy.OpenAsync(folder["policy"], Format));
            Assert.Contains(said, error.Message, StringComparison.Ordinal);
        }
    }

    // The same files, another predictor.
    [Fact]
    public async Task A_predictor_that_changed_is_noticed()
    {
        using var folder = new TemporaryFolder();
        await Training(folder["policy"]).RunAsync(Battles);
        var error = await Assert.ThrowsAsync<InputException>(() => RoutingPolicy.OpenAsync(folder["policy"], FormatOf(effect: 1)));
        Assert.Contains("does not reproduce itself", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_learned_from_is_named()
    {
        using var folder = new TemporaryFolder();
        var training = Training(folder["policy"]);
        await Refused(training with { Reference = "gpt-9" }, Battles, "The reference gpt-9 is not in the votes");
        await Refused(
            training with { Costs = [.. training.Costs, new ModelCost { Model = "ghost", PerAnswer = 1 }] },
            Battles,
            "The costs name ghost, which is not in the votes");
        await Refused(training with { Threshold = 2 }, Battles, "The threshold is 2");
        Directory.CreateDirectory(folder["taken"]);
        await File.WriteAllTextAsync(Path.Combine(folder["taken"], "letter.txt"), "dear");
        await Refused(training with { Out = folder["taken"] }, Battles, "is not a routing policy, so it is not overwritten");
        Assert.Contains(
            "names no models",
            Assert.Throws<InputException>(() => RoutingBattles.Named(SyntheticBattles.Create(3))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "two different models",
            Assert.Throws<InputException>(() => RoutingBattles.Named([Battles[0] with { ModelB = Battles[0].ModelA }])).Message,
            StringComparison.Ordinal);

        await training.RunAsync(Battles);
        var policy = await RoutingPolicy.OpenAsync(folder["policy"], Format);
        Assert.Contains("The prompt is empty", Assert.Throws<InputException>(() => policy.Choose(" ")).Message, StringComparison.Ordinal);
        Assert.Contains(
            "The threshold is NaN",
            Assert.Throws<InputException>(() => policy.Choose("Hello", double.NaN)).Message,
            StringComparison.Ordinal);

        static async Task Refused(RoutingTraining training, IReadOnlyList<Battle> battles, string said) =>
            Assert.Contains(
                said, (await Assert.ThrowsAsync<InputException>(() => training.RunAsync(battles))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_asked_with_the_embedder_that_it_was_trained_with_and_no_other()
    {
        using var folder = new TemporaryFolder();
        var format = new KindPredictor.Format(
            new KindPredictor(2, usesPrompts: true, vectorSize: 3), new KindPredictor(2, usesPrompts: false), effect: 2);
        var embedder = new MeaningEmbedder(text => Array.IndexOf(KindPredictor.Kinds, KindPredictor.KindOf(text))) { Dimension = 3 };
        var training = Training(folder["policy"]) with { Format = format, Embedder = embedder };
        var outcome = await training.RunAsync(Battles);
        Assert.Equal(("meanings", true), (outcome.Manifest.Embedder, outcome.Manifest.UsesPrompts));

        var policy = await RoutingPolicy.OpenAsync(folder["policy"], format, embedder);
        string[] prompts = ["Write a function that sorts doors.", "A haiku about doors.", "Write a function that sorts doors."];
        var choices = await policy.ChooseAsync(prompts, 0.75);
        Assert.Equal(["coder-1", "poet-1", "coder-1"], choices.Select(choice => choice.Model));
        Assert.Throws<InvalidOperationException>(() => policy.Choose(prompts[0]));
        await Assert.ThrowsAsync<InputException>(() => policy.ChooseAsync([" "]));
        var evaluation = await RoutingEvaluation.OfAsync(policy, new LabelledBattles(new PlantedBattles(effect: 2).Create(400, seed: 9)));
        Assert.True(evaluation.Gain.Helps);

        await Refused("reads prompts with the embedder meanings. Name its folder as `embedder`", null);
        var other = new MeaningEmbedder(_ => 0) { ModelId = "other" };
        await Refused("was trained with the embedder meanings, and `embedder` names other", other);
        await Refused("reads vectors of 3 numbers, and meanings makes 4", new MeaningEmbedder(_ => 0));
        await Refused("does not reproduce itself", new MeaningEmbedder(_ => 0) { Dimension = 3 }); // the same name, other weights

        // Where prompts are not looked at, no vectors are needed; a wrong embedder is refused all the same.
        await (training with { Prompts = PromptUse.Never }).RunAsync(Battles);
        Assert.Equal("tiny-1", (await RoutingPolicy.OpenAsync(folder["policy"], format)).Choose("Who?", 0.1).Model);
        await Refused("names other", other);
        await Training(folder["policy"]).RunAsync(Battles);
        await Refused("was trained without an embedder. Leave `embedder` out.", embedder);

        async Task Refused(string said, ITextEmbedder? given) => Assert.Contains(
            said,
            (await Assert.ThrowsAsync<InputException>(() => RoutingPolicy.OpenAsync(folder["policy"], format, given))).Message,
            StringComparison.Ordinal);
    }

    private static KindPredictor.Format FormatOf(double effect) =>
        new(new KindPredictor(effect, usesPrompts: true), new KindPredictor(effect, usesPrompts: false), effect);

    private static RoutingTraining Training(string folder) => new()
    {
        Format = Format,
        Reference = PlantedBattles.Strong,
        Costs = CostQualityTests.Prices,
        Out = folder,
        Data = [],
    };
}
