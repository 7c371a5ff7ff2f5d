using Tiebreak.App.Recipes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Testing;
using Tiebreak.Text;
using Tiebreak.Torch;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Judges.Readings;
using Tiebreak.Transformers.Planning;
using Tiebreak.Transformers.Tuning;
using TorchSharp;

namespace Tiebreak.Cli.Tests;

/// <summary>
/// Recipes for models that are too large for a test: they are planned by the true configuration, and a tiny model of the family takes two
/// of their steps.
/// </summary>
public sealed class TuningRecipeTests : IDisposable
{
    private static readonly IReadOnlyList<Battle> Battles = SyntheticBattles.Create(40);

    private readonly TemporaryFolder _folder = new();

    public TuningRecipeTests() => TorchRuntime.Start();

    public void Dispose() => _folder.Dispose();

    /// <summary>Numbers that learn: all that the model has, or what PEFT counts of such an adapter, and a head of three outputs.</summary>
    [Theory]
    [InlineData("deberta-v3-xsmall", "deberta-v2", 128100, 384, 1536, 12, 6, 6, 70_831_107)]
    [InlineData("deberta-v3-base", "deberta-v2", 128100, 768, 3072, 12, 12, 12, 184_424_451)]
    [InlineData("deberta-v3-large", "deberta-v2", 128100, 1024, 4096, 24, 16, 16, 435_064_835)]
    [InlineData("deberta-v3-siamese", "deberta-v2", 128100, 768, 3072, 12, 12, 12, 0)]
    [InlineData("modernbert-base", "modernbert", 50368, 768, 1152, 22, 12, 12, 149_607_171)]
    [InlineData("llama-3-8b", "llama", 128256, 4096, 14336, 32, 32, 8, 41_943_040 + (3 * 4096))]
    [InlineData("gemma-2-9b", "gemma2", 256000, 3584, 14336, 42, 16, 8, 54_018_048 + (3 * 3584))]
    [InlineData("gemma-2-9b-distilled", "gemma2", 256000, 3584, 14336, 42, 16, 8, (4 * 54_018_048) + (3 * 3584))]
    [InlineData("mistral-7b", "mistral", 32000, 4096, 14336, 32, 32, 8, 41_943_040 + (3 * 4096))]
    [InlineData("qwen2.5-7b", "qwen2", 152064, 3584, 18944, 28, 28, 4, 40_370_176 + (3 * 3584))]
    [InlineData("qwen3-0.6b", "qwen3", 151936, 1024, 3072, 28, 16, 8, 20_185_088 + (3 * 1024))]
    [InlineData("qwen3-8b", "qwen3", 151936, 4096, 12288, 36, 32, 8, 43_646_976 + (3 * 4096))]
    [InlineData("generator-lora", "gemma2", 256000, 3584, 14336, 42, 16, 8, 2 * 54_018_048)]
    [InlineData("reward-lora", "llama", 128256, 4096, 14336, 32, 32, 8, 41_943_040 + 4096)]
    public void A_recipe_is_planned_and_its_steps_are_taken(
        string name, string type, int vocabulary, int hidden, int intermediate, int layers, int heads, int keyHeads, long learned)
    {
        _ = Directory.CreateDirectory(_folder["published"]);
        _ = _folder.Write("published/config.json", Config(type, vocabulary, hidden, intermediate, layers, heads, keyHeads));
        var plan = Plan(name);
        if (learned > 0)
            Assert.Equal(learned, plan.LearnedParameters);
        Assert.InRange(plan.Memory.TotalBytes, 1e9, 40e9);
        Assert.InRange(plan.LearnedParameters / (double)plan.Parameters, 0.003, 1);
        Assert.InRange(plan.Seconds, 1e-3, 1e7);

        var isDecoder = type is "llama" or "gemma2" or "mistral" or "qwen2" or "qwen3";
        var size = isDecoder ? TinyTokenizer.ByteLevelSize : 48;
        var isGenerator = name is "generator-lora";
        var config = Config(type, size, hidden: 16, intermediate: 24, layers: 2, heads: 4, keyHeads: 2);
        if (isGenerator)
            config = config.Replace("SequenceClassification", "CausalLM", StringComparison.Ordinal);
        var tiny = TransformerFolder.Tiny(_folder, name, isGenerator, isDecoder, config);
        TakeTwoSteps(name, tiny, isDecoder);
    }

    [Fact]
    public void Folds_and_a_hold_out_have_their_price()
    {
        _ = Directory.CreateDirectory(_folder["published"]);
        _ = _folder.Write("published/config.json", Config("bert", 30522, 384, 1536, 6, 12, 12));
        var (folds, heldOut) = (Plan("minilm", "folds=5"), Plan("minilm", "folds=", "holdout=0.25"));
        Assert.Equal((5, 0.75), (folds.Runs, heldOut.Runs));
        Assert.Equal(folds.Tokens * 0.75 / 5, heldOut.Tokens, 5.0);
        Assert.Equal(2 * folds.Seconds / 3600, folds.Cost!.Value, 1e-9);
        Assert.Equal(Plan("minilm", "folds=5", "tuning.final=average", "tuning.keep=last").Tokens * 5.0 / 4, folds.Tokens, 5.0);
        Assert.Equal(folds.Tokens * 2, Plan("minilm", "folds=5", "tuning.epochs=4").Tokens);
        var masked = Plan("minilm-mlm", "folds=5");
        Assert.Equal(folds.Tokens, masked.Tokens);
        Assert.Equal(2 * folds.Tokens / (5 * 2 * 2), masked.MaskedTokens); // as many passes, in one order and without folds
        Assert.InRange(masked.Seconds / folds.Seconds, 1.08, 1.15);
        Assert.True(Plan("minilm", "tuning.layers=[-1]").LearnedParameters < folds.LearnedParameters / 8);
    }

    [Fact]
    public void Memory_is_of_what_the_backward_pass_keeps_or_of_the_optimisers_step()
    {
        _ = Directory.CreateDirectory(_folder["published"]);
        _ = _folder.Write("published/config.json", Config("bert", 30522, 384, 1536, 6, 12, 12));
        long ActivationsOf(params string[] changes) => Plan("minilm", changes).Memory.ActivationBytes;
        Assert.True(ActivationsOf("tuning.method=lora", "tuning.gradient_checkpointing=true") < ActivationsOf("tuning.method=lora") / 2);
        Assert.True(ActivationsOf("tuning.batch_size=64") > ActivationsOf("tuning.batch_size=16"));
        Assert.True(ActivationsOf("tuning.batch_size=64", "tuning.gradient_checkpointing=true") < ActivationsOf("tuning.batch_size=64") / 2);

        // Two vectors of the largest group, in float32.
        var full = Plan("minilm", "tuning.gradient_checkpointing=true", "tuning.batch_size=1");
        Assert.InRange(full.Memory.ActivationBytes / (8.0 * full.LearnedParameters), 0.5, 1);
    }

    private TuningPlan Plan(string name, params string[] changes)
    {
        var recipe = RecipeFile.Load(name, [$"model={_folder["published"]}", .. changes]);
        return new PlanTuning
        {
            Recipe = JudgeRecipe.Read(recipe.Recipe),
            Validation = recipe.Validation,
            Battles = Battles,
            Device = "cuda:0", // without one the time follows from the number of operations
            EstimateTokens = TokenEstimate.Of,
            PriceAnHour = 2,
            Threads = 1,
        }.Run();
    }

    private static void TakeTwoSteps(string name, string model, bool isDecoder)
    {
        using var scope = torch.NewDisposeScope();
        using var gradients = torch.set_grad_enabled(true);
        var file = RecipeFile.Load(name, [$"model={model}", $"max_tokens={(isDecoder ? 200 : 48)}"]);
        var recipe = JudgeRecipe.Read(file.Recipe);
        var input = BattleInput.Open(recipe, model, chat: null);
        var reading = OpenedModel.ReadingOf(recipe, recipe.HasTieOutput ? ReadingParameters.Plain : new(1, [0, 0, 0], 1.5));
        using var tuned = TunedModel.Load(recipe, input, reading, "cpu", seed: 1);
        var teacher = new Preference?[8];
        teacher[0] = new Preference(0.5, 0.25, 0.25);
        var battles = new LabelledBattles([.. Battles.Take(8)]);
        if (recipe.Tuning!.Options.Distillation.Weights is { } weights)
            battles = battles.WithTeachers([.. weights.Select(_ => teacher)]);
        var examples = TuningExamples.Of(
            battles, input.Sequences, [.. Enumerable.Repeat(1.0, 8)], learnsFromAnnotators: false, threads: 1, CancellationToken.None);
        TuningRow[] rows = [.. Enumerable.Range(0, 8).Select(i => examples.RowOf(new Example(i, i % 2 == 1, 1)))];
        var before = tuned.Learned.ToDictionary(pair => pair.Key, pair => pair.Value.detach().clone(), StringComparer.Ordinal);
        for (var step = 0; step < 2; step++)
            Assert.InRange(tuned.Learn(rows, battles: 8, rate: 100, steps: 2).GradientNorm, 1e-9, 1e6);
        Assert.Contains(tuned.Learned, pair => !pair.Value.equal(before[pair.Key]).all().item<bool>());
    }

    private static string Config(string type, int vocabulary, int hidden, int intermediate, int layers, int heads, int keyHeads)
    {
        var head = type is "gemma2" or "qwen3" ? (hidden == 16 ? 8 : type is "gemma2" ? 256 : 128) : hidden / heads;
        return $$"""
            {
              "model_type": "{{type}}", "architectures": ["SomeForSequenceClassification"], "vocab_size": {{vocabulary}}, "hidden_size": {{hidden}},
              "intermediate_size": {{intermediate}}, "num_hidden_layers": {{layers}}, "num_attention_heads": {{heads}}, "num_key_value_heads": {{keyHeads}},
              "max_position_embeddings": 512, "torch_dtype": "bfloat16", "num_labels": 3{{More(type, head, hidden == 16 ? 8 : 256)}}
            }
            """;
    }

    private static string More(string type, int head, int buckets) => type switch
    {
        "deberta-v2" => $$"""
            , "type_vocab_size": 0, "relative_attention": true, "position_buckets": {{buckets}}, "norm_rel_ebd": "layer_norm", "share_att_key": true,
              "pos_att_type": "p2c|c2p", "position_biased_input": false
            """,
        "bert" => """, "type_vocab_size": 2""",
        "modernbert" => """, "local_attention": 128, "global_attn_every_n_layers": 3""",
        "gemma2" => $$"""
            , "head_dim": {{head}}, "rms_norm_eps": 1e-6, "query_pre_attn_scalar": {{head}}, "sliding_window": 4096, "attn_logit_softcapping": 50.0,
              "final_logit_softcapping": 30.0
            """,
        "qwen3" => $$""", "head_dim": {{head}}, "rms_norm_eps": 1e-6 """,
        _ => """, "rms_norm_eps": 1e-6 """,
    };
}
