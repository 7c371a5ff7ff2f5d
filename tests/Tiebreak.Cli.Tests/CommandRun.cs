using System.Text.Json.Nodes;
using Spectre.Console.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary>One run of the command inside the test process: its exit code and what it wrote.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Errors)
{
    public JsonObject Json => JsonNode.Parse(Output)!.AsObject();

    public static async Task<CommandRun> OfAsync(params string[] arguments)
    {
        using TestConsole output = new(), errors = new();
        output.Profile.Width = errors.Profile.Width = 140;
        var exitCode = await TiebreakCommand.RunAsync(arguments, new Surface(output, errors), CancellationToken.None);
        return new CommandRun(exitCode, output.Output, errors.Output);
    }

    /// <summary>One run that must succeed.</summary>
    public static async Task<CommandRun> OkAsync(params string[] arguments)
    {
        var run = await OfAsync(arguments);
        Assert.True(run.ExitCode is TiebreakCommand.Ok, $"{string.Join(' ', arguments)}: {run.Errors}{run.Output}");
        return run;
    }
}
