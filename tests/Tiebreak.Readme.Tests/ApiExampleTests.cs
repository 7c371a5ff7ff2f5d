using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Features.FeatureJudges;
using Tiebreak.Hosting;
using Tiebreak.Testing;

namespace Tiebreak.Readme.Tests;

/// <summary>The program in docs/api.md, run word for word.</summary>
public sealed partial class ApiExampleTests
{
    [Fact]
    public async Task A_service_chooses_the_better_of_two_answers()
    {
        var folder = Path.Combine(Repository.Root, "tests", "fixtures", "format-1", "length");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var app = Program(builder, folder);
        app.Urls.Add("http://127.0.0.1:0");
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single(url => !url.EndsWith(":0", StringComparison.Ordinal))) };

        var candidates = new JsonObject { ["question"] = "Name a prime number.", ["first"] = "7 is a prime number.", ["second"] = "Eight." };
        using var response = await http.PostAsJsonAsync("/better", candidates, TestContext.Current.CancellationToken);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Contains((string)answer["answer"]!, (string[])["7 is a prime number.", "Eight."]);
        Assert.InRange((double)answer["probability"]!, 0, 1);
    }

    [Fact]
    public void The_program_in_the_page_is_the_one_that_is_tested()
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, "tests", "Tiebreak.Readme.Tests", "ApiExampleTests.cs"));
        var body = source.Split("// Example begins\n")[1].Split("        // Example ends")[0]
            + source.Split("// Record begins\n")[1].Split("// Record ends")[0];
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "api.md")).Split("```csharp\n")[1].Split("```")[0];
        Assert.Equal(
            page.Replace("var builder = WebApplication.CreateBuilder(args);\n", "", StringComparison.Ordinal)
                .Replace("app.Run();\n", "", StringComparison.Ordinal).Replace("\"judge\";", "folder;", StringComparison.Ordinal),
            Indent().Replace(body, ""));
    }

    private static WebApplication Program(WebApplicationBuilder builder, string folder)
    {
        // Example begins
        builder.Services.AddTiebreak(options =>
        {
            options.Judge = folder;
            options.Kinds.Add(new FeatureJudgeFormat());
        });
        var app = builder.Build();

        app.MapPost("/better", async (Candidates candidates, IJudge judge, CancellationToken cancellationToken) =>
        {
            var battle = new Battle { Id = "1", Turns = [new Turn(candidates.Question, candidates.First, candidates.Second)] };
            var preference = (await judge.JudgeAsync([battle], cancellationToken: cancellationToken))[0];
            return preference.A >= preference.B
                ? new { Answer = candidates.First, Probability = preference.A }
                : new { Answer = candidates.Second, Probability = preference.B };
        });
        // Example ends
        return app;
    }

    [GeneratedRegex("^ {8}", RegexOptions.Multiline, 1000)]
    private static partial Regex Indent();
}

// Record begins
internal sealed record Candidates(string Question, string First, string Second);
// Record ends
