using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Training;
using Tiebreak.Testing;
using Tiebreak.Tokenization;
using Tiebreak.Tokenization.Formats;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Tests.Judges;
using Tiebreak.Transformers.Tuning;

namespace Tiebreak.Transformers.Tests.Tuning;

/// <summary>Trainings with tokens of their own, from the recipe to the merged model.</summary>
public sealed class LearnedTokensTests : IDisposable
{
    private const double Rounding = 1e-5;

    // A new token, and one that is there.
    private const string New = "<|verdict|>";
    private const string Spare = "<start_of_turn>";

    private static readonly IReadOnlyList<Battle> Battles = SyntheticBattles.Create(40);

    private readonly TemporaryFolder _folder = new();

    public LearnedTokensTests() => TorchRuntime.Start();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gemma", "lora", null)]
    [InlineData("gemma", "full", null)]
    [InlineData("gemma", "full", -1)]
    [InlineData("generator", "lora", null)]
    [InlineData("generator", "full", -1)]
    [InlineData("bert", "lora", null)]
    [InlineData("bert", "full", 1)]
    public async Task What_training_measured_is_what_bundle_and_merged_model_say(string family, string method, int? layer)
    {
        var model = ModelOf(family);
        var outcome = await TunedJudges.TrainAsync(_folder["judge"], Recipe(model, method, layer));
        var report = outcome.Manifest.Training!;
        var said = await TunedJudges.AskAsync(_folder["judge"], outcome.Target.Battles);
        Assert.Equal(
            (double)report["loss_before_calibration"]!, said.Zip(outcome.Target.Targets, LogLoss.Of).Average(), Rounding);
        var tokenizer = TokenizerFile.Open(_folder["judge"]);
        Assert.Equal(TokenizerFile.Open(model).VocabularySize, Assert.Single(Encode(tokenizer, New)));

        var whole = method is "full" ? _folder["judge/model"] : _folder["merged"];
        if (method is "lora")
            _ = await AdapterMerge.RunAsync(model, _folder["judge"], whole);
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(whole, "config.json")))!;
        var rows = (int)JsonNode.Parse(File.ReadAllText(Path.Combine(model, "config.json")))!["vocab_size"]!;
        Assert.Equal(Math.Max(rows, tokenizer.VocabularySize), (int)config["vocab_size"]!);
        Assert.Equal(Encode(tokenizer, New), Encode(TokenizerFile.Open(whole), New));

        if (family is "generator")
            return; // what a judge makes of its answers is fitted to other battles there

        // The plain model with the same template says the same.
        var plain = Recipe(model, method, layer);
        plain["model"] = whole;
        _ = plain.Remove("tuning");
        _ = await JudgeBundles.TrainAsync(_folder["plain"], plain);
        Assert.All(
            (await TunedJudges.AskAsync(_folder["judge"], Battles)).Zip(await TunedJudges.AskAsync(_folder["plain"], Battles)),
            pair => Assert.Equal(pair.First.A - pair.First.Tie, pair.Second.A - pair.Second.Tie, Rounding));
    }

    [Fact]
    public async Task Only_their_rows_change_and_peft_s_files_say_so()
    {
        var model = ModelOf("gemma");
        _ = await TunedJudges.TrainAsync(_folder["lora"], Recipe(model, "lora", layer: null));
        var indices = JsonNode.Parse(File.ReadAllText(_folder["lora/adapter_config.json"]))!["trainable_token_indices"]!;
        var tokenizer = TokenizerFile.Open(_folder["lora"]);
        int[] ids = [.. Encode(tokenizer, New), .. Encode(tokenizer, Spare)];
        Assert.Equal(ids, indices["embed_tokens"]!.AsArray().Select(token => (int)token!));
        using var adapter = Checkpoint.Open(_folder["lora/adapter_model.safetensors"]);
        Assert.Equal([2, 16], adapter["base_model.model.model.embed_tokens.token_adapter.trainable_tokens_delta"].Shape);

        _ = await TunedJudges.TrainAsync(_folder["full"], Recipe(model, "full", layer: -1));
        using var before = Checkpoint.Open(model);
        using var after = Checkpoint.Open(_folder["full/model"]);
        using var scope = TorchSharp.torch.NewDisposeScope();
        const string table = "model.embed_tokens.weight";
        var (was, now) = (before.Load(table), after.Load(table));
        Assert.Equal(was.shape[0] + 1, now.shape[0]);
        for (var row = 0; row < was.shape[0]; row++)
            Assert.Equal(row != ids[1], was[row].equal(now[row]).all().item<bool>());
        Assert.False(now[ids[0]].allclose(was.mean([0]), atol: 1e-4));
        const string frozen = "model.layers.0.mlp.down_proj.weight";
        Assert.True(before.Load(frozen).equal(after.Load(frozen)).all().item<bool>());
    }

    /// <summary>The adapter brings its tokenizer, which the base's lacks.</summary>
    [Fact]
    public async Task An_adapter_with_tokens_is_tuned_further()
    {
        var model = ModelOf("gemma");
        _ = await TunedJudges.TrainAsync(_folder["first"], Recipe(model, "lora", layer: null));
        var recipe = Recipe(model, "lora", layer: null);
        recipe["adapter"] = _folder["first"];
        _ = recipe["tuning"]!.AsObject().Remove("tokens");
        _ = await TunedJudges.TrainAsync(_folder["second"], recipe, battles: SyntheticBattles.Create(60, seed: 9));
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var first = Checkpoint.Open(_folder["first/adapter_model.safetensors"]);
        using var second = Checkpoint.Open(_folder["second/adapter_model.safetensors"]);
        const string rows = "base_model.model.model.embed_tokens.token_adapter.trainable_tokens_delta";
        Assert.False(first.Load(rows).allclose(second.Load(rows)));
        Assert.Equal(File.ReadAllText(_folder["first/tokenizer.json"]), File.ReadAllText(_folder["second/tokenizer.json"]));
    }

    [Fact]
    public async Task A_training_that_is_stopped_goes_on_to_the_same_bytes()
    {
        var recipe = Recipe(ModelOf("gemma"), "lora", layer: null);
        var training = TunedJudges.Training(_folder["judge"], recipe, new Holdout(0.3));
        _ = await training.RunAsync(new LabelledBattles(Battles));
        var again = training with { Out = _folder["again"], WorkFolder = _folder["work"], Resume = true };
        using var stop = new CancellationTokenSource();
        var log = new StopAt(stop, events: 5);
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => (again with { Log = log }).RunAsync(new(Battles), cancellationToken: stop.Token));
        _ = await again.RunAsync(new LabelledBattles(Battles));
        Assert.All(
            Directory.EnumerateFiles(_folder["judge"]).Select(path => Path.GetFileName(path)),
            name => Assert.Equal(File.ReadAllBytes(_folder[$"judge/{name}"]), File.ReadAllBytes(_folder[$"again/{name}"])));
    }

    /// <summary>BERT's words in brackets are in its vocabulary, but its tokenizer takes them apart unless it is told.</summary>
    [Fact]
    public void Spare_words_of_a_vocabulary_become_tokens()
    {
        _ = Directory.CreateDirectory(_folder["bert"]);
        _ = _folder.Write("bert/vocab.txt", TinyTokenizer.WordPieces() + "[unused1]\n[unused2]\n[\n]\n");
        _ = _folder.Write("bert/tokenizer_config.json", """{"tokenizer_class": "BertTokenizer", "do_lower_case": true}""");
        var before = TokenizerFile.Open(_folder["bert"]);
        var changed = LearnedTokens.TokenizerWith(["[unused2]", "[new]", "[SEP]"], _folder["bert"], _folder["changed"]);
        var after = TokenizerFile.Open(changed);
        Assert.Equal([before.IdOf("[unused2]")!.Value, before.VocabularySize, before.IdOf("[SEP]")!.Value], LearnedTokens.IdsOf(
            ["[unused2]", "[new]", "[SEP]"], after));
        const string text = "green [unused1] tree seven 77";
        Assert.Equal(Encode(before, text), Encode(after, text));
        Assert.Equal(_folder["bert"], LearnedTokens.TokenizerWith(["[SEP]"], _folder["bert"], _folder["other"]));
        var error = Assert.Throws<InputException>(
            () => LearnedTokens.TokenizerWith(["[new]"], _folder["bert/vocab.txt"], _folder["other"]));
        Assert.Contains("which is a single file", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"method": "lora", "tokens": []}""", "\"tuning.tokens\" is out of range")]
    [InlineData("""{"method": "lora", "tokens": ["a b"]}""", "names of tokens without spaces")]
    [InlineData("""{"method": "full", "tokens": ["<x>"], "mlm": {"epochs": 1}}""", "Leave one of the two out")]
    public void What_makes_no_sense_is_refused(string tuning, string said)
    {
        var recipe = new JsonObject { ["model"] = ModelOf("gemma"), ["tuning"] = JsonNode.Parse(tuning) };
        var error = Assert.Throws<InputException>(() => TunedJudges.Training(_folder["judge"], recipe, new Holdout(0.3)));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    private static int[] Encode(Tokenizer tokenizer, string text) => tokenizer.Encode(text, new EncodeOptions { ParseSpecial = true });

    // The template writes both tokens.
    private static JsonObject Recipe(string model, string method, int? layer)
    {
        var isBert = model.EndsWith("bert", StringComparison.Ordinal);
        var head = model.EndsWith("generator", StringComparison.Ordinal) ? "generator" : "classifier";
        var recipe = TunedJudges.Recipe(
            model, method, head, maxTokens: head is "generator" ? 200 : 120, change: tuning =>
            {
                tuning["tokens"] = isBert ? new JsonArray(New) : new JsonArray(New, Spare);
                tuning["layers"] = layer is { } number ? new JsonArray(number) : null;
            });
        recipe["template"] = isBert
            ? new JsonObject { ["layout"] = "sections", ["prompt_label"] = New, ["is_encoder"] = true }
            : new JsonObject
            {
                ["layout"] = "sections",
                ["response_a_label"] = $"{Spare}A:",
                ["response_b_label"] = "\nB:",
                ["closing"] = New,
            };
        return recipe;
    }

    private string ModelOf(string family) => family switch
    {
        "bert" => TinyModel.BareBert(_folder),
        "generator" => TinyModel.Gemma(_folder, "generator", HeadKind.Generator),
        _ => TinyModel.Gemma(_folder),
    };

    private sealed class StopAt(CancellationTokenSource stop, int events) : IProgress<TrainingEvent>
    {
        private int _left = events;

        public void Report(TrainingEvent value)
        {
            if (--_left == 0)
                stop.Cancel();
        }
    }
}
