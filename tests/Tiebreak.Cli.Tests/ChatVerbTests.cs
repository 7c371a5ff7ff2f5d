using System.Text.Json.Nodes;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

public sealed class ChatVerbTests : IDisposable
{
    private const string Template =
        "{{ bos_token }}{% for m in messages %}<{{ m.role }}>{{ m.content }}{{ eos_token }}{% endfor %}{% if add_generation_prompt %}<a>{% endif %}";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Conversations_become_texts_or_say_why_not()
    {
        Directory.CreateDirectory(_folder["model"]);
        _folder.Write("model/chat_template.jinja", Template);
        _folder.Write("model/tokenizer_config.json", """{"bos_token": "<s>", "eos_token": {"content": "</s>"}}""");
        var input = _folder.Write("lines.jsonl", """
            {"messages": [{"role": "user", "content": "Grüße 😀"}], "add_generation_prompt": true}
            {"messages": [{"role": "user", "content": "a"}], "variables": {"eos_token": "!"}}

            {"template": "{{ raise_exception('No system prompt') }}", "messages": []}
            {"template": "{{ x.y }}"}
            {"template": "{{ x }} {{ messages is defined }}", "variables": {"x": [1, null]}}
            {"template": "{{ strftime_now('%Y-%m-%d') }}"}
            """);
        var run = await CommandRun.OfAsync(
            "model", "chat", "--tokenizer", _folder["model"], "--input", input, "--out", _folder["out.jsonl"], "--now", "2026-07-01", "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(4, (int)run.Json["texts"]!);
        Assert.Equal(2, (int)run.Json["errors"]!);
        var rows = (await File.ReadAllLinesAsync(_folder["out.jsonl"])).Select(line => JsonNode.Parse(line)!.AsObject().Single());
        Assert.Equal(
            [
                ("text", "<s><user>Grüße 😀</s><a>"), ("text", "<s><user>a!"), ("error", "No system prompt"),
                ("error", "Line 1 of the template: \"x\" is undefined."), ("text", "[1, None] False"), ("text", "2026-07-01"),
            ],
            rows.Select(row => (row.Key, (string)row.Value!)));
    }

    [Fact]
    public async Task A_template_may_come_from_a_file_or_be_missing()
    {
        var input = _folder.Write("lines.jsonl", """{"messages": [{"role": "user", "content": "a"}]}""");
        var file = _folder.Write("mine.jinja", Template);
        Assert.Equal("{\"text\":\"\\u003Cuser\\u003Ea\"}", await RenderAsync("--template", file));
        Assert.Contains("neither --template nor --tokenizer", await RenderAsync(), StringComparison.Ordinal);

        async Task<string> RenderAsync(params string[] more)
        {
            var run = await CommandRun.OfAsync(["model", "chat", "--input", input, "--out", _folder["out.jsonl"], .. more]);
            Assert.Equal(0, run.ExitCode);
            return (await File.ReadAllLinesAsync(_folder["out.jsonl"])).Single();
        }
    }

    [Theory]
    [InlineData("[]", "line 1", "--template", "t.jinja")]
    [InlineData("{\"messages\": 5}", "messages", "--template", "t.jinja")]
    [InlineData("{\"messages\": []}\n{", "line 2", "--template", "t.jinja")]
    [InlineData("{}", "cannot be used. Line 1", "--template", "broken.jinja")]
    [InlineData("{}", "nowhere.jinja", "--template", "nowhere.jinja")]
    [InlineData("{}", "no chat template", "--tokenizer", "")]
    public async Task What_cannot_be_read_is_refused_and_nothing_written(string content, string said, string option, string name)
    {
        _folder.Write("t.jinja", Template);
        _folder.Write("broken.jinja", "{{ ");
        var run = await CommandRun.OfAsync(
            "model", "chat", "--input", _folder.Write("lines.jsonl", content), "--out", _folder["out.jsonl"], option, _folder[name]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["out.jsonl"]));
    }
}
