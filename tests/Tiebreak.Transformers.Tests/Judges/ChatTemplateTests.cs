using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Judging;
using Tiebreak.Testing;
using Tiebreak.Tokenization.Budgets;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Judges;

namespace Tiebreak.Transformers.Tests.Judges;

/// <summary>Judges over chat models write battles with the template of the model's folder, and keep the one that they were trained with.</summary>
public sealed class ChatTemplateTests : IDisposable
{
    private const string Template =
        "{{ bos_token }}{% for m in messages %}{{ '<start_of_turn>' + m.role + ': ' + m.content|trim + '<end_of_turn>' }}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<start_of_turn>answer: ' }}{% endif %}";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("reward", "<bos><start_of_turn>user: P<end_of_turn><start_of_turn>assistant: Q<end_of_turn>")]
    [InlineData("generator", "<bos><start_of_turn>user: Two chatbots")]
    public async Task The_folder_s_template_is_used(string head, string begins)
    {
        var (_, text) = await TrainAsync(head, Template);
        Assert.StartsWith(begins, text, StringComparison.Ordinal);
        Assert.Equal("folder", await OriginAsync());
    }

    [Fact]
    public async Task A_folder_without_one_gets_the_markers_of_its_vocabulary_and_the_report_says_so()
    {
        var (_, text) = await TrainAsync("reward", template: null);
        Assert.StartsWith("<bos><start_of_turn>user\nP<end_of_turn>\n<start_of_turn>model\nQ<end_of_turn>\n", text, StringComparison.Ordinal);
        Assert.Equal("vocabulary", await OriginAsync());
        Assert.DoesNotContain("\"chat\"", await File.ReadAllTextAsync(_folder["judge/transformer.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recipe_may_ask_for_the_markers_or_name_a_file()
    {
        var (_, markers) = await TrainAsync("reward", Template, "vocabulary");
        Assert.StartsWith("<bos><start_of_turn>user\nP", markers, StringComparison.Ordinal);
        var file = _folder.Write("mine.jinja", "{% for m in messages %}[{{ m.content }}]{% endfor %}");
        var (_, mine) = await TrainAsync("reward", Template, file);
        Assert.Equal("[P][Q]", mine);
        Assert.Equal("file", await OriginAsync());
    }

    [Fact]
    public async Task A_bundle_keeps_its_template_when_the_folder_s_changes()
    {
        var (markers, _) = await TrainAsync("reward", template: null);
        var (before, _) = await TrainAsync("reward", Template);
        Assert.NotEqual(markers, before);
        _folder.Write("gemma/chat_template.jinja", "{% for m in messages %}{{ m.content }}!{% endfor %}");
        await using var bundle = await JudgeBundles.OpenAsync(_folder["judge"]);
        Assert.Equal(before, await PreferencesAsync(bundle));
    }

    [Fact]
    public async Task A_template_that_cannot_be_used_is_refused_before_the_model_is_loaded()
    {
        var error = await Assert.ThrowsAsync<InputException>(() => TrainAsync("reward", "{{ raise_exception('Only images') }}"));
        Assert.Contains("Only images", error.Message, StringComparison.Ordinal);
        Assert.Contains("chat_template", error.Message, StringComparison.Ordinal);
    }

    private async Task<(Preference[] Preferences, string Text)> TrainAsync(string head, string? template, string? choice = null)
    {
        var model = TinyModel.Gemma(_folder, kind: head is "reward" ? HeadKind.Reward : HeadKind.Generator, outputs: 1);
        if (template is not null)
            _folder.Write("gemma/chat_template.jinja", template);
        _folder.Write("gemma/tokenizer_config.json", """{"bos_token": "<bos>"}""");
        var recipe = new JsonObject { ["model"] = model, ["head"] = head, ["max_tokens"] = 1000 };
        if (head is "generator")
            recipe["answers"] = new JsonObject { ["a"] = new JsonArray("A"), ["b"] = new JsonArray("B"), ["tie"] = new JsonArray("tie") };
        if (choice is not null)
            recipe["chat_template"] = choice;
        if (Directory.Exists(_folder["judge"]))
            Directory.Delete(_folder["judge"], recursive: true);
        await JudgeBundles.TrainAsync(_folder["judge"], recipe, battles: 12);
        await using var bundle = await JudgeBundles.OpenAsync(_folder["judge"]);
        var opened = ((TransformerJudge)((MeasuredJudge)bundle.OneOrder).Inner).Model;
        var written = BattleTemplate.Parse("of the judge", bundle.Manifest.Recipe["template"]!.AsObject());
        var fitter = new BattleFitter(opened.Tokenizer, written, BudgetStrategy.Rounds, 1000, opened.Chat);
        var battle = new Battle { Id = "1", Turns = [new Turn("P", "Q", "R")] };
        var text = opened.Tokenizer.Decode((head is "reward" ? fitter.FitReplies(battle).A : fitter.Fit(battle)).Ids);
        return (await PreferencesAsync(bundle), text);
    }

    private static async Task<Preference[]> PreferencesAsync(Bundle bundle) =>
        [.. await bundle.Judge.JudgeAsync(SyntheticBattles.Create(6))];

    private async Task<string?> OriginAsync()
    {
        await using var bundle = await JudgeBundles.OpenAsync(_folder["judge"]);
        return (string?)bundle.Manifest.Training?["chat_template"];
    }
}
