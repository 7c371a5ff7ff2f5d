using Spectre.Console;

namespace Tiebreak.Cli;

/// <summary>Where a command writes: results to one console, progress and errors to the other, so that results can be piped.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Progress, warnings and errors.</param>
internal sealed record Surface(IAnsiConsole Out, IAnsiConsole Error)
{
    // Tables in a file or a pipe should not be squeezed into the 80 columns that Spectre assumes there.
    private const int RedirectedWidth = 140;

    /// <summary>Standard output and standard error.</summary>
    public static Surface OfProcess() => new(
        Create(Console.Out, Console.IsOutputRedirected), Create(Console.Error, Console.IsErrorRedirected));

    private static IAnsiConsole Create(TextWriter writer, bool isRedirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (isRedirected)
            console.Profile.Width = RedirectedWidth;
        return console;
    }
}
