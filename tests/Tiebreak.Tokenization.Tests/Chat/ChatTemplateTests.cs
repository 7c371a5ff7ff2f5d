using System.Text.Json;
using Tiebreak.Core;
using Tiebreak.Testing;
using Tiebreak.Tokenization.Chat;

namespace Tiebreak.Tokenization.Tests.Chat;

/// <summary>Where the template of a model's folder is found, and what it is given.</summary>
public sealed class ChatTemplateTests
{
    private static readonly JsonElement Hello = JsonSerializer.SerializeToElement(new[] { new { role = "user", content = "Hello" } });

    [Fact]
    public void A_file_comes_before_what_the_configuration_holds()
    {
        using var folder = new TemporaryFolder();
        Assert.Null(ChatTemplate.Find(folder.Path));
        folder.Write("chat_template.json", """{"chat_template": "of the processor"}""");
        Assert.Equal("of the processor", ChatTemplate.Find(folder.Path)!.Source);
        folder.Write("tokenizer_config.json", """{"chat_template": "of the tokenizer"}""");
        Assert.Equal("of the tokenizer", ChatTemplate.Find(folder.Path)!.Source);
        folder.Write("chat_template.jinja", "of its own");
        Assert.Equal("of its own", ChatTemplate.Find(folder.Path)!.Source);
    }

    [Fact]
    public void Named_templates_are_found_by_name()
    {
        using var folder = new TemporaryFolder();
        folder.Write(
            "tokenizer_config.json",
            """{"chat_template": [{"name": "default", "template": "usual"}, {"name": "tool_use", "template": "tools"}]}""");
        Assert.Equal("usual", ChatTemplate.Find(folder.Path)!.Source);
        Assert.Equal("tools", ChatTemplate.Find(folder.Path, "tool_use")!.Source);
        Assert.Null(ChatTemplate.Find(folder.Path, "rag"));

        folder.Write("chat_template.jinja", "usual file");
        Directory.CreateDirectory(folder["additional_chat_templates"]);
        folder.Write("additional_chat_templates/rag.jinja", "rag file");
        Assert.Equal("usual file", ChatTemplate.Find(folder.Path)!.Source);
        Assert.Equal("rag file", ChatTemplate.Find(folder.Path, "rag")!.Source);
    }

    [Fact]
    public void Special_tokens_of_the_folder_are_variables()
    {
        using var folder = new TemporaryFolder();
        folder.Write("special_tokens_map.json", """{"eos_token": "old", "unk_token": {"content": "<unk>"}}""");
        folder.Write(
            "tokenizer_config.json",
            """
            {
              "chat_template": "{{ bos_token }}{{ eos_token }}{{ unk_token }}{{ image_token }}{{ pad_token is defined }}",
              "bos_token": {"content": "<s>"}, "eos_token": "</s>", "pad_token": null, "extra_special_tokens": {"image_token": "<image>"}
            }
            """);
        var template = ChatTemplate.Find(folder.Path)!;
        Assert.Equal("<s></s><unk><image>False", template.Render(Hello, addGenerationPrompt: false, default, default));
        var variables = JsonSerializer.SerializeToElement(new { bos_token = "mine" });
        Assert.Equal("mine</s><unk><image>False", template.Render(Hello, addGenerationPrompt: false, variables, default));
    }

    [Fact]
    public void Tools_and_documents_are_none_unless_they_are_given()
    {
        var template = ChatTemplate.Parse("{{ tools is none }}{{ documents is none }}{{ add_generation_prompt }}{{ messages|length }}");
        Assert.Equal("TrueTrueTrue1", template.Render(Hello, addGenerationPrompt: true, default, default));
        var variables = JsonSerializer.SerializeToElement(new { tools = new[] { 1 } });
        Assert.Equal("FalseTrueFalse1", template.Render(Hello, addGenerationPrompt: false, variables, default));
    }

    [Fact]
    public void A_template_that_cannot_be_read_names_its_folder()
    {
        using var folder = new TemporaryFolder();
        folder.Write("chat_template.jinja", "\n{% include 'x' %}");
        var message = Assert.Throws<InputException>(() => ChatTemplate.Find(folder.Path)).Message;
        Assert.Contains(folder.Path, message, StringComparison.Ordinal);
        Assert.Contains("Line 2", message, StringComparison.Ordinal);
        folder.Write("chat_template.jinja", "");
        Assert.Throws<InputException>(() => ChatTemplate.Find(folder.Path));
    }

    [Fact]
    public void The_time_is_the_one_that_is_given() => Assert.Equal(
        "01 Jul 2026, 1 07, Wed Wednesday 182",
        ChatTemplate.Parse("{{ strftime_now('%d %b %Y, %-d %m, %a %A %j') }}").Render(default, new DateTime(2026, 7, 1)));

    [Fact]
    public void Half_of_a_character_becomes_a_replacement_character()
    {
        using var json = JsonDocument.Parse("""{"x": "a\ud83d"}""");
        Assert.Equal("a\uFFFD", ChatTemplate.Parse("{{ x }}").Render(json.RootElement, default));
    }
}
