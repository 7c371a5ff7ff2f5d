using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Transformers.Heads;
using TorchSharp;

namespace Tiebreak.Transformers.Tests.Judges;

/// <summary>What does not fit together is told in one sentence before anything is scored.</summary>
public sealed class BadRecipeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"hed": "x"}""", "unknown key \"hed\"")]
    [InlineData(
        """{"head": "regressor"}""", "\"head\" is \"regressor\"; it must be one of classifier, siamese, generator, reward, regression")]
    [InlineData("""{"dtype": "fp32"}""", "it must be one of float32, bfloat16, float16")]
    [InlineData("""{"compute": "int4"}""", "\"compute\" is \"int4\"; it must be one of float, int8")]
    [InlineData("""{"compute": "int8", "tuning": {"method": "lora"}}""", "\"int8\", which has no gradients; leave it out")]
    [InlineData("""{"strategy": "middle"}""", "it must be one of rounds, left")]
    [InlineData("""{"template": "essay"}""", "\"template\" is \"essay\"; it must be one of sections")]
    [InlineData("""{"template": {"layout": "sections", "colour": "red"}}""", "unknown key \"colour\"")]
    [InlineData("""{"template": "chat_reply"}""", "shows one response, but the head \"classifier\" reads the pair")]
    [InlineData(
        """{"head": "reward", "template": "sections"}""", "shows both responses, but the head \"reward\" reads each side by itself")]
    [InlineData("""{"labels": ["A", "B", "C"]}""", "\"labels\" is out of range")]
    [InlineData("""{"max_tokens": 4}""", "\"max_tokens\" is out of range")]
    [InlineData("""{"chunks": 0, "head": "reward"}""", "\"chunks\" is out of range")]
    [InlineData("""{"chunks": 2}""", "\"chunks\" is for heads that read each side by itself, and the head \"classifier\" reads the pair")]
    [InlineData("""{"scale": -1}""", "\"scale\" is out of range")]
    [InlineData("""{"max_tokens": 2000}""", "the model has 1024 positions; set max_tokens to 1024 or less")]
    [InlineData("""{"head": "regression"}""", "has 3 outputs, but a regression judge with these labels needs 1; use the head classifier")]
    [InlineData("""{"labels": ["A", "B"]}""", "has 3 outputs, but a classifier judge with these labels needs 2; set labels")]
    [InlineData(
        """{"head": "generator"}""",
        "names Gemma2ForSequenceClassification, a classifier, which has not learned to answer; use the head classifier")]
    [InlineData("""{"head": "siamese"}""", "score.weight [3, 16] where [3, 32] is needed")]
    [InlineData("""{"template": "encoder"}""", "needs a tokenizer with a separator such as [SEP]")]
    [InlineData("""{"tokenizer": "other"}""", "The tokenizer gives \"tie\" the id 990, but the model's vocabulary has 266 entries")]
    public async Task A_wrong_recipe(string changes, string said)
    {
        var recipe = JsonNode.Parse(changes)!.AsObject();
        recipe["model"] = TinyModel.Gemma(_folder);
        if (recipe.ContainsKey("tokenizer"))
        {
            recipe["tokenizer"] = _folder.Write(
                "other.json", TinyTokenizer.ByteLevelJson().Replace("\"tie\":257", "\"tie\":990", StringComparison.Ordinal));
        }

        var error = await Assert.ThrowsAsync<InputException>(() => JudgeBundles.TrainAsync(_folder["judge"], recipe, battles: 12));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["judge"]));
    }

    [Fact]
    public async Task The_beginning_of_texts_is_that_of_the_model()
    {
        var model = TinyModel.Gemma(_folder);
        var config = Path.Combine(model, "config.json");
        await File.WriteAllTextAsync(
            config,
            (await File.ReadAllTextAsync(config)).Replace("\"bos_token_id\": 260", "\"bos_token_id\": 2", StringComparison.Ordinal));
        await SaysAsync(new JsonObject { ["model"] = model }, "begins every text with \"<bos>\", id 260, but");
    }

    [Fact]
    public async Task Labels_in_another_order_than_the_model_names_them()
    {
        var model = TinyModel.Gemma(_folder);
        var config = Path.Combine(model, "config.json");
        await File.WriteAllTextAsync(
            config, (await File.ReadAllTextAsync(config)).Replace(
                "\"num_labels\": 3",
                """ "id2label": {"0": "winner_tie", "1": "winner_model_a", "2": "winner_model_b"}""",
                StringComparison.Ordinal));
        await SaysAsync(new JsonObject { ["model"] = model }, "set labels: [tie, A, B]");
        await JudgeBundles.TrainAsync(
            _folder["judge"], new JsonObject { ["model"] = model, ["labels"] = new JsonArray("tie", "A", "B") }, battles: 12);
    }

    [Theory]
    [InlineData(
        """{"answers": {"tie": ["equal"]}}""",
        "The answer \"equal\" (answers.tie) is 5 tokens of this tokenizer, \"e\", \"q\", \"u\", \"a\", \"l\"")]
    [InlineData("""{"answers": {"tie": ["A"]}}""", "The answer \"A\" is given for answers.tie and for answers.a")]
    [InlineData("""{"answers": {"b": []}}""", "\"answers.b\" is empty")]
    [InlineData("""{"template": "sections"}""", "must follow words of the template")]
    [InlineData(
        """{"template": {"layout": "sections", "closing": "g"}, "answers": {"a": ["oo"]}}""",
        "The answer \"oo\" (answers.a) melts together with the end of the template, \"g\"")]
    public async Task Answers_that_are_no_single_token(string changes, string said)
    {
        var recipe = JsonNode.Parse(changes)!.AsObject();
        (recipe["model"], recipe["head"]) = (TinyModel.Gemma(_folder, kind: HeadKind.Generator), "generator");
        await SaysAsync(recipe, said);
    }

    [Fact]
    public async Task An_answer_with_a_space_has_the_token_that_it_has_there()
    {
        var recipe = new JsonObject
        {
            ["model"] = TinyModel.Gemma(_folder, kind: HeadKind.Generator),
            ["head"] = "generator",
            ["template"] = new JsonObject { ["layout"] = "sections", ["closing"] = "\nBetter:" },
            ["answers"] = new JsonObject { ["a"] = new JsonArray("A", "a"), ["b"] = new JsonArray("B"), ["tie"] = new JsonArray("tie") },
        };
        await JudgeBundles.TrainAsync(_folder["judge"], recipe, battles: 12);
    }

    [Fact]
    public async Task A_number_that_is_not_finite_names_the_battle()
    {
        // The only text with a "z": its embedding makes everything infinite.
        var model = TinyModel.Gemma(_folder, change: tensors => tensors["model.embed_tokens.weight"][(long)'z'].fill_(1e38f));
        await JudgeBundles.TrainAsync(_folder["judge"], new JsonObject { ["model"] = model }, battles: 12);
        await using var bundle = await JudgeBundles.OpenAsync(_folder["judge"]);
        Battle[] battles = [.. SyntheticBattles.Create(5, labelled: false), new() { Id = "bad", Turns = [new Turn("zz", "zz", "zz")] }];
        var error = await Assert.ThrowsAsync<TiebreakException>(() => bundle.OneOrder.JudgeAsync(battles));
        Assert.Contains("not finite for battle bad", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Memory_that_is_too_small_is_told_as_such()
    {
        using var worker = new TorchWorker("test");
        var error = await Assert.ThrowsAsync<DeviceMemoryException>(() => worker.RunAsync(() => torch.empty([1L << 50]).ndim));
        Assert.Contains("fewer tokens at a time may fit", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, await worker.RunAsync(() => torch.ones(2, 2).ndim));
    }

    private async Task SaysAsync(JsonObject recipe, string said)
    {
        var error = await Assert.ThrowsAsync<InputException>(() => JudgeBundles.TrainAsync(_folder["judge"], recipe, battles: 12));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }
}
