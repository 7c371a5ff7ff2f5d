using System.Text.Json.Nodes;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary>Files that use other names, and input of which much cannot be used.</summary>
public sealed class InputOptionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_judge_reads_later_files_as_those_that_it_was_trained_on()
    {
        var train = _folder.Write("train.csv", "nr,frage,links,rechts,besser\n" + Rows(20, "L", "R"));
        var test = _folder.Write("test.csv", "nr,frage,links,rechts\n7,Why?,a,b\n");
        await CommandRun.OkAsync(
            "train", "priors", "--data", train, "--out", _folder["judge"], "--columns",
            "id=nr,prompt=frage,response_a=links,response_b=rechts,winner=besser", "--winner", "L=model_a,R=model_b");

        await CommandRun.OkAsync("predict", "--judge", _folder["judge"], "--data", test, "--out", _folder["submission.csv"]);
        Assert.StartsWith("7,", (await File.ReadAllLinesAsync(_folder["submission.csv"]))[1], StringComparison.Ordinal);
        await CommandRun.OkAsync("evaluate", "--judge", _folder["judge"], "--data", train);

        var told = _folder.Write("told.csv", "id,prompt,response_a,response_b\n8,Why?,a,b\n");
        await CommandRun.OkAsync(
            "predict", "--judge", _folder["judge"], "--data", told, "--columns", "id=id", "--out", _folder["submission.csv"]);
        Assert.StartsWith("8,", (await File.ReadAllLinesAsync(_folder["submission.csv"]))[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recipe_says_what_the_data_calls_things()
    {
        var recipe = _folder.Write("recipe.yaml", """
            kind: priors
            columns: {id: nr, prompt: frage, response_a: links, response_b: rechts, winner: besser}
            winner: {L: model_a, R: model_b}
            """);
        var train = _folder.Write("train.csv", "nr,frage,links,rechts,besser\n" + Rows(20, "L", "R"));

        await CommandRun.OkAsync("train", recipe, "--data", train, "--out", _folder["judge"]);

        var mapping = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_folder["judge"], "judge.json")))!["mapping"]!;
        Assert.Equal("frage", (string)mapping["columns"]!["prompt"]!);
        Assert.Equal("B", (string)mapping["winners"]!["R"]!);
    }

    [Fact]
    public async Task Set_takes_lists_and_names_what_is_none()
    {
        var data = _folder.Write("train.csv", "id,prompt,response_a,response_b,winner\n" + Rows(20, "A", "B"));
        var wrong = await CommandRun.OfAsync(
            "train", "zero-shot", "--data", data, "--out", _folder["judge"], "--set", "answers.tie=[T", "--set", "model=nowhere");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("The value of \"answers.tie\" is not valid YAML", wrong.Errors, StringComparison.Ordinal);

        var listed = await CommandRun.OfAsync(
            "train", "zero-shot", "--data", data, "--out", _folder["judge"], "--set", "answers.tie=[T, \"no\"]", "--set", "model=nowhere");
        Assert.DoesNotContain("answers.tie", listed.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X", 2, "\"X\" in 4 of 24 rows")]
    [InlineData("X", 0, "4 rows with problems were left out", "--accept-loss")]
    [InlineData("X", 0, "reading votes", "--winner", "X=tie")]
    [InlineData("tie", 0, "reading votes")]
    public async Task A_class_of_votes_is_not_lost_in_silence(string word, int exitCode, string said, params string[] options)
    {
        var rows = string.Concat(Enumerable.Range(0, 24).Select(i => $"m{i % 3},m{(i + 1) % 3},{(i % 6 == 0 ? word : i % 2 == 0 ? "A" : "B")}\n"));
        var run = await CommandRun.OfAsync(["rank", _folder.Write("votes.csv", $"model_a,model_b,winner\n{rows}"), .. options]);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data", "convert")]
    [InlineData("data", "clean")]
    [InlineData("data", "dedup")]
    public async Task A_file_of_which_a_third_cannot_be_read_is_not_worked_on(string noun, string verb)
    {
        var data = _folder.Write("train.csv", "id,prompt,response_a,response_b,winner_model_a,winner_model_b,winner_tie\n"
            + string.Concat(Enumerable.Range(0, 9).Select(i => $"{i},[\"\"],{(i % 3 == 0 ? "[1]" : "[\"\"]")},[\"\"],1,0,0\n"))
                .Replace("[\"\"]", "\"[\"\"t\"\"]\"", StringComparison.Ordinal));
        string[] command = [noun, verb, "--data", data, "--out", _folder["out.jsonl"]];

        var refused = await CommandRun.OfAsync(command);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("3 of 9 rows cannot be used. 3 like ", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("--accept-loss", refused.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["out.jsonl"]));

        await CommandRun.OkAsync([.. command, "--accept-loss"]);
        Assert.True(File.Exists(_folder["out.jsonl"]));
    }

    [Fact]
    public async Task A_prediction_keeps_every_row_whatever_is_wrong_with_it()
    {
        var train = _folder.Write("train.csv", "id,prompt,response_a,response_b,winner\n" + Rows(20, "A", "B"));
        await CommandRun.OkAsync("train", "priors", "--data", train, "--out", _folder["judge"]);
        var test = _folder.Write("test.csv", "id,prompt,response_a,response_b\n1,[],[],[]\n2,[],[],[]\n3,p,a,b\n");

        await CommandRun.OkAsync("predict", "--judge", _folder["judge"], "--data", test, "--out", _folder["submission.csv"]);

        Assert.Equal(4, (await File.ReadAllLinesAsync(_folder["submission.csv"])).Length);
    }

    [Fact]
    public async Task A_battle_without_a_text_is_not_converted()
    {
        var data = _folder.Write("battles.csv", "id,prompt,response_a,response_b,winner\n1,p,a,b,tie\n2,,,,tie\n");

        var run = await CommandRun.OkAsync("data", "convert", "--data", data, "--out", _folder["out.jsonl"]);

        Assert.Contains("1 of 2 battles have no text and were left out", run.Errors, StringComparison.Ordinal);
        Assert.Single(await File.ReadAllLinesAsync(_folder["out.jsonl"]));
    }

    [Fact]
    public async Task Rows_are_chosen_and_what_is_not_read_is_said_once()
    {
        var data = _folder.Write("battles.csv", "id,prompt,response_a,response_b,winner,anony,extra\n1,p,a,b,tie,True,x\n2,p,a,b,A,False,x\n");

        var run = await CommandRun.OkAsync("data", "convert", "--data", data, "--out", _folder["out.jsonl"], "--where", "anony=true");

        Assert.Single(await File.ReadAllLinesAsync(_folder["out.jsonl"]));
        Assert.Contains("not used: \"extra\".", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--columns", "prompt", "--columns prompt is not of the form name=column")]
    [InlineData("--columns", "promt=question", "The nearest are prompt")]
    [InlineData("--winner", "X=nobody", "--winner X=nobody: a word of the file means")]
    [InlineData("--where", "anony", "--where anony is not of the form column=value")]
    public async Task What_is_no_pair_is_named(string option, string value, string reason)
    {
        var run = await CommandRun.OfAsync("rank", _folder.Write("votes.csv", "model_a,model_b,winner\nx,y,tie\n"), option, value);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(reason, run.Errors, StringComparison.Ordinal);
    }

    private static string Rows(int count, string a, string b) =>
        string.Concat(Enumerable.Range(0, count).Select(i => $"{i},question {i},answer {i},reply {i},{(i % 2 == 0 ? a : b)}\n"));
}
