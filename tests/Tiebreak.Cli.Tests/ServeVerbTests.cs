using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Spectre.Console.Testing;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

public sealed partial class ServeVerbTests
{
    private const string One = """{"prompt": "Name a prime.", "response_a": "7 is a prime number.", "response_b": "Eight."}""";

    private static readonly string Fixtures = Path.Combine(Repository.Root, "tests", "fixtures", "format-1");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_answers_until_it_is_stopped()
    {
        using var folder = new TemporaryFolder();
        var votes = folder.Write("votes.csv", "model_a,model_b,winner\nx,y,model_a\ny,x,model_a\nx,y,tie\nx,y,model_a\n");
        var added = await CommandRun.OkAsync("keys", "add", "shop", "--file", folder["keys.json"], "--scopes", "judge", "metrics", "--json");
        using TestConsole output = new(), errors = new();
        using var stop = new CancellationTokenSource();
        var running = TiebreakCommand.RunAsync(
            [
                "serve", "--judge", Path.Combine(Fixtures, "length"), "--policy", Path.Combine(Fixtures, "policy"), "--leaderboard", votes,
                "--record", folder["record.jsonl"], "--keys", folder["keys.json"], "--urls", "http://127.0.0.1:0",
            ],
            new Surface(output, errors), stop.Token);
        while (!ReadyOn.IsMatch(output.Output))
        {
            Assert.False(running.IsCompleted, errors.Output);
            await Task.Delay(TimeSpan.FromMilliseconds(10), Cancellation);
        }

        using var http = new HttpClient { BaseAddress = new Uri(ReadyOn.Match(output.Output).Groups["url"].Value) };
        using (var stranger = await http.PostAsync("/v1/judge", Json(One), Cancellation))
            Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        http.DefaultRequestHeaders.Authorization = new("Bearer", (string)added.Json["key"]!);
        using (var response = await http.PostAsync("/v1/judge", Json(One), Cancellation))
            Assert.NotNull(JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!["results"]![0]!["preference"]);
        using (var response = await http.GetAsync("/v1/leaderboard", Cancellation))
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);

        var metrics = await http.GetStringAsync("/metrics", Cancellation);
        Assert.Contains("tiebreak_results_total", metrics, StringComparison.Ordinal);
        Assert.Contains("tiebreak_batch_tokens", metrics, StringComparison.Ordinal);
        Assert.Contains("http_server_request_duration_seconds", metrics, StringComparison.Ordinal);

        await stop.CancelAsync();
        Assert.Equal(TiebreakCommand.Ok, await running);
        Assert.Single(File.ReadAllLines(folder["record.jsonl"]));
    }

    [Theory]
    [InlineData("--judge", "nowhere")]
    [InlineData("--keys", "nowhere.json")]
    [InlineData("--certificate", "nowhere.pem")]
    [InlineData("--urls", "http://0.0.0.0:0")]
    [InlineData("--urls", "nonsense")]
    public async Task What_cannot_be_served_is_told(string option, string value)
    {
        string[] judge = option is "--judge" ? [] : ["--judge", Path.Combine(Fixtures, "length")];
        var run = await CommandRun.OfAsync(["serve", .. judge, option, value]);
        Assert.Equal(TiebreakCommand.WrongInput, run.ExitCode);
        Assert.NotEmpty(run.Errors);
        Assert.DoesNotContain("`", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_are_made_and_forgotten()
    {
        using var folder = new TemporaryFolder();
        var file = folder["keys.json"];
        Assert.Contains("tb_", (await CommandRun.OkAsync("keys", "add", "shop", "--file", file, "--per-minute", "60")).Output, StringComparison.Ordinal);
        await CommandRun.OkAsync("keys", "add", "lab", "--file", file);
        Assert.Equal(1, (int)(await CommandRun.OkAsync("keys", "remove", "shop", "--file", file, "--json")).Json["keys"]!);

        var unknown = await CommandRun.OfAsync("keys", "remove", "shop", "--file", file);
        Assert.Equal(TiebreakCommand.WrongInput, unknown.ExitCode);
        Assert.Contains("lab", unknown.Errors, StringComparison.Ordinal);
        Assert.Equal(TiebreakCommand.WrongInput, (await CommandRun.OfAsync("keys", "add", "x", "--file", file, "--scopes", "judges")).ExitCode);
    }

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    [GeneratedRegex(@"Ready on (?<url>http://127\.0\.0\.1:[0-9]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ReadyOn { get; }
}
