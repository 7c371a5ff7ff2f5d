using System.Text.Json.Nodes;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

public sealed class TokenizeVerbTests : IDisposable
{
    private const string Vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhello\nworld\n##s\n,\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Texts_become_ids()
    {
        var input = _folder.Write("texts.jsonl", """
            {"text": "Hello, worlds"}
            {"text": "[SEP]", "add_special_tokens": false}
            {"text": "[SEP]", "add_special_tokens": false, "parse_special": false}

            {"text": "\ud83d hello"}
            """);
        var run = await CommandRun.OfAsync(
            "tokenize", "--tokenizer", _folder.Write("vocab.txt", Vocabulary), "--input", input, "--out", _folder["ids.jsonl"], "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(4, (int)run.Json["texts"]!);
        var rows = (await File.ReadAllLinesAsync(_folder["ids.jsonl"])).Select(line => JsonNode.Parse(line)!["ids"]!.ToJsonString());
        Assert.Equal(["[2,5,8,6,7,3]", "[3]", "[1,1,1]", "[2,5,3]"], rows);
    }

    [Theory]
    [InlineData("{\"text\": 1}", "line 1")]
    [InlineData("{\"text\": \"a\"}\n[]", "line 2")]
    [InlineData("{\"add_special_tokens\": true}", "text")]
    public async Task A_line_that_is_no_text_is_refused_and_nothing_written(string content, string said)
    {
        var run = await CommandRun.OfAsync(
            "tokenize", "--tokenizer", _folder.Write("vocab.txt", Vocabulary), "--input", _folder.Write("texts.jsonl", content),
            "--out", _folder["ids.jsonl"]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["ids.jsonl"]));
    }

    [Theory]
    [InlineData("Give either", "--budget", "100")]
    [InlineData("--out", "--input", "x.jsonl")]
    [InlineData("too small", "--battles", "x.csv", "--budget", "3")]
    public async Task A_wrong_command_line(string said, params string[] arguments)
    {
        var run = await CommandRun.OfAsync(["tokenize", "--tokenizer", _folder.Write("vocab.txt", Vocabulary), .. arguments]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_of_one_side_writes_both_one_after_the_other()
    {
        var battles = _folder.Write("battles.jsonl", """
            {"id": "1", "prompt": "hello", "response_a": "world world", "response_b": "world"}
            """);
        var tokenizer = _folder.Write("vocab.txt", Vocabulary);
        var run = await CommandRun.OfAsync(
            "tokenize", "--tokenizer", tokenizer, "--battles", battles, "--template", "encoder_reply", "--out", _folder["ids.jsonl"], "--json");
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(
            ["[2,5,3,6,6,3]", "[2,5,3,6,3]"],
            (await File.ReadAllLinesAsync(_folder["ids.jsonl"])).Select(line => JsonNode.Parse(line)!["ids"]!.ToJsonString()));
        Assert.Equal((1, 6), ((int)run.Json["battles"]!, (int)run.Json["longest"]!));
    }

    [Fact]
    public async Task Battles_are_fitted_and_the_losses_said()
    {
        var words = string.Join(' ', Enumerable.Repeat("hello", 500));
        var battles = _folder.Write("battles.jsonl", $$"""
            {"id": "1", "prompt": "hello", "response_a": "{{words}}", "response_b": "world"}
            {"id": "2", "prompt": "hello", "response_a": "world", "response_b": "world"}
            """);
        var tokenizer = _folder.Write("vocab.txt", Vocabulary);
        var run = await CommandRun.OfAsync(
            "tokenize", "--tokenizer", tokenizer, "--battles", battles, "--budget", "100", "--template", "encoder", "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(1, (int)run.Json["cut"]!);
        Assert.Equal(100, (int)run.Json["longest"]!);
        Assert.Equal(0, (int)run.Json["parts"]![2]!["lost"]!);
        var said = await CommandRun.OfAsync(
            "tokenize", "--tokenizer", tokenizer, "--battles", battles, "--budget", "100", "--template", "encoder");
        Assert.Contains("1 of 2 battles were cut", said.Output, StringComparison.Ordinal);
        Assert.Contains("Losses: encoder, rounds, 100 tokens", said.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Battles_may_use_other_names()
    {
        var battles = _folder.Write(
            "battles.jsonl", """{"id": "1", "ask": {"text": "hello"}, "outs": ["world", "hello world"], "kind": "x"}""" + "\n"
                + """{"id": "2", "ask": {"text": "hello"}, "outs": ["world", "world"], "kind": "y"}""");
        var run = await CommandRun.OkAsync(
            "tokenize", "--tokenizer", _folder.Write("vocab.txt", Vocabulary), "--battles", battles, "--template", "encoder",
            "--columns", "prompt=ask.text,response_a=outs[0],response_b=outs[1]", "--where", "kind=x", "--json");

        Assert.Equal(1, (int)run.Json["battles"]!);
    }

    [Fact]
    public async Task A_template_of_ones_own_is_a_YAML_file()
    {
        var battles = _folder.Write(
            "battles.jsonl", """{"id": "1", "prompt": "hello", "response_a": "world", "response_b": "hello world"}""");
        var template = _folder.Write("mine.yaml", "layout: sections\nprompt_label: \"hello \"\nresponse_a_label: \" world \"\n");
        var run = await CommandRun.OfAsync(
            "tokenize", "--tokenizer", _folder.Write("vocab.txt", Vocabulary), "--battles", battles, "--template", template,
            "--out", _folder["ids.jsonl"]);

        Assert.Equal(0, run.ExitCode);
        var (hello, world) = (Id("hello"), Id("world"));
        Assert.Contains(
            $"{hello},{hello},{world},{world},{hello},{world}",
            await File.ReadAllTextAsync(_folder["ids.jsonl"]),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("layout: rows", "has the layout \"rows\"; it must be rounds, sections, transcripts")]
    [InlineData("promt_label: x", "the unknown key \"promt_label\"")]
    [InlineData("closing: 5", "\"closing\" with a value that is no text")]
    [InlineData("is_chat: maybe", "neither true nor false")]
    [InlineData("is_encoder: true", "need \"layout: sections\"")]
    [InlineData("- a", "is not one YAML mapping")]
    [InlineData("a: [", "is not valid YAML")]
    public async Task A_wrong_template_is_named(string yaml, string said)
    {
        var template = _folder.Write("mine.yaml", yaml);
        var run = await CommandRun.OfAsync(
            "tokenize", "--tokenizer", _folder.Write("vocab.txt", Vocabulary), "--battles", "x.csv", "--template", template);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.Contains($"The template {template}", run.Errors, StringComparison.Ordinal);
    }

    private static int Id(string word) => Array.IndexOf(Vocabulary.Split('\n'), word);
}
