using System.Globalization;
using System.Text.RegularExpressions;
using Spectre.Console.Testing;
using Tiebreak.Cli;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Judging;
using Tiebreak.Features.FeatureJudges;
using Tiebreak.Testing;

namespace Tiebreak.Readme.Tests;

/// <summary>Everything that the README shows is run here, word for word.</summary>
[Collection("current directory")]
public sealed partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    [Fact]
    public async Task Every_command_works_and_so_does_the_program()
    {
        using var folder = new TemporaryFolder();
        var home = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(folder.Path);
        try
        {
            foreach (var line in Block("console").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                using TestConsole output = new(), errors = new();
                var exitCode = await TiebreakCommand.RunAsync(Arguments(line), new Surface(output, errors), CancellationToken.None);
                Assert.True(exitCode == 0, $"{line}\n{errors.Output}");
            }

            Assert.Matches("A [0-9]+ %, B [0-9]+ %, tie [0-9]+ %", await ExampleAsync());
        }
        finally
        {
            Directory.SetCurrentDirectory(home);
        }
    }

    [Fact]
    public void The_program_in_the_readme_is_the_one_that_is_tested()
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, "tests", "Tiebreak.Readme.Tests", "ReadmeTests.cs"));
        var body = source.Split("// README begins\n")[1].Split("        // README ends")[0];
        Assert.Equal(Block("csharp"), body.Replace("        ", "", StringComparison.Ordinal).Replace(
            "output.WriteLine", "Console.WriteLine", StringComparison.Ordinal));
    }

    [Fact]
    public void Links_lead_somewhere()
    {
        var targets = Link().Matches(Readme).Select(match => match.Groups["target"].Value)
            .Where(target => !target.StartsWith("https:", StringComparison.Ordinal));
        Assert.All(targets, target => Assert.True(Path.Exists(Path.Combine(Repository.Root, target)), target));
    }

    private static async Task<string> ExampleAsync()
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);

        // README begins
        var registry = new JudgeRegistry([new FeatureJudgeFormat()]);
        await using var bundle = await Bundle.OpenAsync("judge", registry, new Placement { Threads = 2 });

        var battle = new Battle { Id = "1", Turns = [new Turn("Name a prime number.", "7 is a prime number.", "Eight.")] };
        var preference = (await bundle.Judge.JudgeAsync([battle]))[0];

        output.WriteLine($"A {preference.A:P0}, B {preference.B:P0}, tie {preference.Tie:P0}");
        // README ends
        return output.ToString();
    }

    private static string Block(string language) => Readme.Split($"```{language}\n")[1].Split("```")[0];

    // As a shell splits: blanks separate, double quotes hold together.
    private static string[] Arguments(string line) =>
        [.. Word().Matches(line).Select(match => match.Value.Trim('"')).Skip(1)];

    [GeneratedRegex("\"[^\"]*\"|[^ ]+", RegexOptions.None, 1000)]
    private static partial Regex Word();

    [GeneratedRegex(@"\]\((?<target>[^)]+)\)", RegexOptions.None, 1000)]
    private static partial Regex Link();
}
