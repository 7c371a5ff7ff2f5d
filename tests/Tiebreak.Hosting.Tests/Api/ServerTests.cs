using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Tiebreak.App;
using Tiebreak.App.Ranking;
using Tiebreak.Core;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Judging;
using Tiebreak.Features.FeatureJudges;
using Tiebreak.Features.Routing;
using Tiebreak.Hosting.Server;
using Tiebreak.Hosting.Serving;
using Tiebreak.Ratings.Routing;
using Tiebreak.Testing;

namespace Tiebreak.Hosting.Tests.Api;

public sealed class ServerTests
{
    private const string One = """{"prompt": "Why?", "response_a": "a", "response_b": "bb"}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Health_is_told()
    {
        await using var api = await ApiClient.StartAsync();
        Assert.Equal((200, 200), ((await api.GetAsync("/health/live")).Status, (await api.GetAsync("/health/ready")).Status));
    }

    [Fact]
    public async Task Before_the_judge_is_open_the_service_lives_and_is_not_ready()
    {
        await using var served = new ServedJudge(ApiClient.Options(), NullLoggerFactory.Instance, TimeProvider.System);
        var health = await served.CheckHealthAsync(new(), Cancellation);
        Assert.Equal(Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy, health.Status);
        Assert.Equal("not-ready", Assert.Throws<NotReadyException>(() => served.Rent()).Code);
    }

    [Fact]
    public async Task A_bundle_that_cannot_be_opened_ends_the_start()
    {
        var options = ApiClient.Options();
        options.Judge = Path.Combine(Repository.Root, "tests");
        var error = await Assert.ThrowsAsync<InputException>(() => ApiClient.StartAsync(Of(options)));
        Assert.Contains("tests", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_told()
    {
        await using var api = await ApiClient.StartAsync();
        var options = Of(ApiClient.Options()) with { Urls = [api.Http.BaseAddress!.ToString()] };
        var error = await Assert.ThrowsAsync<InputException>(() => ApiServer.StartAsync(options, Cancellation));
        Assert.Contains(api.Http.BaseAddress.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_that_have_begun_are_answered_before_the_end()
    {
        var judge = new ScriptedJudge { Gate = new SemaphoreSlim(0) };
        await using var server = await ApiServer.StartAsync(Of(ApiClient.Options(judge)) with { Urls = ["http://127.0.0.1:0"] }, Cancellation);
        using var stop = new CancellationTokenSource();
        var running = server.RunAsync(stop.Token);
        using var client = new HttpClient { BaseAddress = new Uri(server.Urls.Single()) };
        var asked = client.PostAsync("/v1/judge", new StringContent(One, System.Text.Encoding.UTF8, "application/json"), Cancellation);
        while (judge.Batches.IsEmpty)
            await Task.Delay(TimeSpan.FromMilliseconds(2), Cancellation);
        await stop.CancelAsync();
        judge.Gate.Release(1);

        Assert.Equal(200, (int)(await asked).StatusCode);
        await running;
        Assert.True(judge.IsDisposed);
    }

    [Fact]
    public async Task A_policy_chooses_models()
    {
        var folder = Path.Combine(Repository.Root, "tests", "fixtures", "format-1", "policy");
        var policy = await RoutingPolicy.OpenAsync(folder, new PromptRatingsFormat(), cancellationToken: Cancellation);
        await using var api = await ApiClient.StartAsync(Of(ApiClient.Options()) with { Policy = policy });
        var answer = await api.PostAsync("/v1/route", """{"prompts": ["Write a function.", "Write a poem."], "threshold": 0.3}""");

        var expected = await policy.ChooseAsync(["Write a function.", "Write a poem."], 0.3, Cancellation);
        Assert.Equal(expected.Select(choice => choice.Model), answer.Json["choices"]!.AsArray().Select(choice => (string)choice!["model"]!));
        Assert.Equal(
            expected.Select(choice => choice.Probability),
            answer.Json["choices"]!.AsArray().Select(choice => (double)choice!["probability"]!));
        Assert.Equal("input", (await api.PostAsync("/v1/route", """{"prompts": [" "]}""")).Problem);
        Assert.Equal("input", (await api.PostAsync("/v1/route", """{"prompts": ["P"], "threshold": 2}""")).Problem);
    }

    [Fact]
    public async Task A_leaderboard_is_shown()
    {
        using var folder = new TemporaryFolder();
        var votes = folder.Write("votes.csv", "model_a,model_b,winner\nx,y,model_a\ny,x,model_a\nx,y,tie\nx,y,model_a\n");
        var context = new JobContext { Judges = new JudgeRegistry([]) };
        var leaderboard = await new RankVotes { Votes = votes }.RunAsync(context, Cancellation);
        await using var api = await ApiClient.StartAsync(Of(ApiClient.Options()) with { Leaderboard = leaderboard });
        var answer = await api.GetAsync("/v1/leaderboard");

        Assert.Equal(["x", "y"], answer.Json["leaderboard"]!.AsArray().Select(row => (string)row!["model"]!));
    }

    [Fact]
    public async Task Without_policy_and_leaderboard_there_are_no_such_routes()
    {
        await using var api = await ApiClient.StartAsync();
        Assert.Equal(404, (await api.GetAsync("/v1/leaderboard")).Status);
        Assert.Equal(404, (await api.PostAsync("/v1/route", """{"prompts": ["P"]}""")).Status);
    }

    [Fact]
    public async Task Judges_are_services_by_name()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddTiebreak(options => ApiClient.Options().CopyTo(options));
        builder.Services.AddTiebreak("scripted", options => ApiClient.Options(new ScriptedJudge()).CopyTo(options));
        await using var app = builder.Build();
        app.MapTiebreak();
        app.MapGroup("/scripted").MapTiebreak("scripted");
        await app.StartAsync(Cancellation);

        var battle = ScriptedJudge.Battle("1", "aaaa", "a");
        await using var bundle = await Bundle.OpenAsync(ApiClient.FeatureBundle, new JudgeRegistry([new FeatureJudgeFormat()]), cancellationToken: Cancellation);
        var (plain, scripted) = (app.Services.GetRequiredService<IJudge>(), app.Services.GetRequiredKeyedService<IJudge>("scripted"));
        Assert.Equal(await bundle.Judge.JudgeAsync([battle], cancellationToken: Cancellation), await plain.JudgeAsync([battle], cancellationToken: Cancellation));
        Assert.NotEqual(await plain.JudgeAsync([battle], cancellationToken: Cancellation), await scripted.JudgeAsync([battle], cancellationToken: Cancellation));

        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using var content = new StringContent(One, System.Text.Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/scripted/v1/judge", content, Cancellation);
        Assert.StartsWith("priors/", response.Headers.GetValues("Tiebreak-Judge").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_that_cannot_work_are_refused_at_the_start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddTiebreak(options => options.QueueBattles = 1);
        await using var app = builder.Build();
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(Cancellation));
        Assert.Equal(3, error.Failures.Count());
    }

    private static ApiServerOptions Of(TiebreakOptions judge) => new() { Judge = judge, LoggerFactory = NullLoggerFactory.Instance };
}
