namespace Tiebreak.Cli.Tests;

/// <summary>A verb is made when it is named, so that the names by which the command finds verbs must be theirs.</summary>
public sealed class VerbNameTests
{
    [Fact]
    public async Task Every_verb_of_the_list_is_found_by_its_name()
    {
        var help = (await CommandRun.OkAsync("--help")).Output;
        string[] verbs =
        [
            .. help.Split("Commands:")[1].Split('\n').Where(line => line.Length > 2 && char.IsAsciiLetter(line[2]))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]),
        ];

        Assert.Contains("rank", verbs);
        foreach (var verb in verbs)
            Assert.Contains($"tiebreak {verb}", (await CommandRun.OkAsync(verb, "--help")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_verb_that_does_not_exist_is_refused()
    {
        var run = await CommandRun.OfAsync("ranks");

        Assert.Equal(TiebreakCommand.WrongInput, run.ExitCode);
        Assert.Contains("ranks", run.Errors, StringComparison.Ordinal);
    }
}
