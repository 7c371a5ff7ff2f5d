using System.Globalization;
using Tiebreak.Features.Routing;
using Tiebreak.Ratings.Routing;
using Tiebreak.Testing;

namespace Tiebreak.Readme.Tests;

/// <summary>The program in docs/routing.md, run word for word.</summary>
[Collection("current directory")]
public sealed class RoutingExampleTests
{
    [Fact]
    public async Task A_service_asks_a_policy()
    {
        using var folder = new TemporaryFolder();
        await new RoutingTraining
        {
            Format = new PromptRatingsFormat(),
            Reference = PlantedBattles.Strong,
            Costs = [.. PlantedBattles.Models.Select((model, i) => new ModelCost { Model = model, PerAnswer = 4 - i })],
            Out = folder["policy"],
            Data = [],
            Folds = 2,
        }.RunAsync(new PlantedBattles(effect: 2).Create(400));
        var home = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(folder.Path);
        try
        {
            Assert.Matches(
                "^[a-z]+-[a-z0-9]+ \\([0-9]+ %\\) for [1-4] instead of 4\n.+against titan-large.+\\.\n$",
                (await ExampleAsync()).ReplaceLineEndings("\n"));
        }
        finally
        {
            Directory.SetCurrentDirectory(home);
        }
    }

    [Fact]
    public void The_program_in_the_page_is_the_one_that_is_tested()
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, "tests", "Tiebreak.Readme.Tests", "RoutingExampleTests.cs"));
        var body = source.Split("// Example begins\n")[1].Split("        // Example ends")[0];
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "routing.md")).Split("```csharp\n")[1].Split("```")[0];
        Assert.Equal(page, body.Replace("        ", "", StringComparison.Ordinal).Replace(
            "output.WriteLine", "Console.WriteLine", StringComparison.Ordinal));
    }

    private static async Task<string> ExampleAsync()
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);

        // Example begins
        var policy = await RoutingPolicy.OpenAsync("policy", new PromptRatingsFormat());
        var choice = policy.Choose("Write a function that sorts rivers.", threshold: 0.45);

        output.WriteLine($"{choice.Model} ({choice.Probability:P0}) for {choice.Cost} instead of {choice.ReferenceCost}");
        output.WriteLine(choice.Reason);
        // Example ends
        return output.ToString();
    }
}
