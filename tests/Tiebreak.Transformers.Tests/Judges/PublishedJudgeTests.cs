using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Testing;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Judges;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Judges;

/// <summary>Folders with the layout of published judges become judges from their own files alone.</summary>
public sealed class PublishedJudgeTests : IDisposable
{
    private const string Score = "score.weight";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Skywork-Reward-V2, Tulu 3, FsfairX", "Gemma2ForSequenceClassification", Score)]
    [InlineData("OpenRLHF", "LLMForSequenceRegression", "value_head.weight")]
    [InlineData("Eurus", "EurusRewardModel", "regression_head.weight")]
    [InlineData("Beaver", "LlamaForScore", "score_head.weight")]
    [InlineData("a head on a language model", "Gemma2ForCausalLM", "v_head.summary.weight")]
    public async Task A_reward_model(string kind, string architecture, string head)
    {
        _ = kind;
        var model = TinyModel.Gemma(_folder, outputs: 1, change: tensors => Move(tensors, head));
        await EditAsync(model, config => config["architectures"] = new JsonArray(architecture));
        await IsAJudgeAsync(new JsonObject { ["model"] = model, ["head"] = "reward", ["max_tokens"] = 384 }, isSymmetric: true);
    }

    [Fact]
    public async Task A_language_model_whose_reward_is_the_logit_of_one_token()
    {
        var model = TinyModel.Gemma(_folder, kind: HeadKind.Generator);
        var recipe = new JsonObject { ["model"] = model, ["head"] = "reward", ["max_tokens"] = 384 };
        var error = await Assert.ThrowsAsync<InputException>(() => JudgeBundles.TrainAsync(_folder["none"], recipe.DeepClone().AsObject()));
        Assert.Contains("set the recipe's key reward_token to its id (Nemotron's reward models: 0)", error.Message, StringComparison.Ordinal);

        recipe["reward_token"] = 0;
        await IsAJudgeAsync(recipe, isSymmetric: true);
        await using var bundle = await JudgeBundles.OpenAsync(_folder["judge"]);
        var battle = SyntheticBattles.Create(1, seed: 5, labelled: false)[0];
        var twice = battle with { Turns = [.. battle.Turns.Select(turn => turn with { ResponseB = turn.ResponseA })] };
        var same = (await bundle.Judge.JudgeAsync([twice]))[0];
        Assert.Equal(same.A, same.B, 1e-7); // equal responses have equal rewards, to the rounding of products of one row and of many
    }

    [Fact]
    public async Task A_model_that_answers_A_or_B_only_gets_its_ties_from_the_tie_model()
    {
        var recipe = JsonNode.Parse("""
            {
              "head": "generator", "max_tokens": 500, "answers": {"a": ["A"], "b": ["B"], "tie": []},
              "template": {
                "layout": "sections", "is_chat": true, "prompt_label": "[CONTEXT] \n\n<turn> user\n ", "turn_label": "\n\n",
                "response_a_label": "\n [RESPONSE A] ", "response_b_label": " [RESPONSE B] ", "closing": " \n",
                "omits_beginning": true
              }
            }
            """)!.AsObject();
        recipe["model"] = TinyModel.Gemma(_folder, kind: HeadKind.Generator);
        var outcome = await IsAJudgeAsync(recipe, isSymmetric: false);
        Assert.NotNull(outcome.Manifest.Training!["tie_parameter"]);
        Assert.Null(outcome.Manifest.Training!["bias"]);
    }

    [Theory]
    [InlineData("InternLM2ForRewardModel", "<|reward|>")]
    [InlineData("AtheneForSequenceClassification", "<eos>")]
    [InlineData("Gemma2ForSequenceClassification", "")]
    public async Task What_a_reward_model_scores_stands_behind_the_conversation(string architecture, string end)
    {
        var model = TinyModel.Gemma(_folder, outputs: 1);
        await EditAsync(model, config => config["architectures"] = new JsonArray(architecture));
        _ = _folder.Write("gemma/tokenizer_config.json", """{"cls_token": "<eos>"}""");
        JudgeRecipe Read(JsonObject keys) => JudgeRecipe.Read(new Recipe("transformer", keys));

        Assert.Equal(end, Read(new JsonObject { ["model"] = model, ["head"] = "reward" }).Template.Closing);
        var own = JsonNode.Parse("""{"layout": "reply", "is_chat": true, "closing": "!"}""");
        Assert.Equal("!", Read(new JsonObject { ["model"] = model, ["head"] = "reward", ["template"] = own }).Template.Closing);
    }

    [Theory]
    [InlineData(200, 0.7, false)]
    [InlineData(200, 0.5, false)]
    [InlineData(200, 0.3, true)]
    [InlineData(4, 0.25, false)]
    public void Outputs_that_the_votes_contradict_are_suspected(int battles, double shareRight, bool suspects)
    {
        var judge = new Preference(0.6, 0.3, 0.1);
        var rows = Enumerable.Range(0, battles)
            .Select(i => (judge, i < shareRight * battles ? new Preference(1, 0, 0) : new Preference(0, 1, 0)));
        Assert.Equal(suspects, ExchangedLabels.Suspects([.. rows]));
    }

    [Fact]
    public async Task A_bundle_says_what_its_parts_say_of_their_licences()
    {
        var model = TinyModel.Gemma(_folder);
        _ = _folder.Write("gemma/README.md", "---\nlicense: gemma\nbase_model: google/gemma-2-2b\n---\n");
        var outcome = await JudgeBundles.TrainAsync(_folder["judge"], new JsonObject { ["model"] = model, ["max_tokens"] = 384 });
        var statement = outcome.Manifest.Licences![0];
        Assert.Equal(("model", "gemma", "gemma"), (statement.Part, statement.Name, statement.Licence));
        Assert.Equal(["google/gemma-2-2b"], statement.Bases!);
        await using var bundle = await JudgeBundles.OpenAsync(_folder["judge"]);
        Assert.Equal("gemma", bundle.Manifest.Licences![0].Licence);
    }

    private async Task<TrainingOutcome> IsAJudgeAsync(JsonObject recipe, bool isSymmetric)
    {
        var outcome = await JudgeBundles.TrainAsync(_folder["judge"], recipe);
        Assert.InRange(outcome.Result.LogLoss, 0.5, 1.3);
        await using var bundle = await JudgeBundles.OpenAsync(_folder["judge"]);
        Assert.Equal(isSymmetric, bundle.OneOrder.Traits.IsSymmetric);
        Preference[] preferences = [.. await bundle.OneOrder.JudgeAsync(SyntheticBattles.Create(9, seed: 8, labelled: false))];
        Assert.All(preferences, preference => Assert.InRange(preference.Tie, 0.02, 0.9));
        return outcome;
    }

    private static void Move(Dictionary<string, Tensor> tensors, string to)
    {
        var head = tensors[Score];
        _ = tensors.Remove(Score);
        tensors[to] = head;
    }

    private static async Task EditAsync(string model, Action<JsonObject> edit)
    {
        var path = Path.Combine(model, "config.json");
        var config = JsonNode.Parse(await File.ReadAllTextAsync(path))!.AsObject();
        edit(config);
        await File.WriteAllTextAsync(path, config.ToJsonString());
    }
}
