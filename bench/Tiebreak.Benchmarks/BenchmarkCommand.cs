using Tiebreak.Core;

namespace Tiebreak.Benchmarks;

/// <summary>A command of this program that is not BenchmarkDotNet's.</summary>
/// <param name="Name">Its name, the first argument.</param>
/// <param name="Usage">What follows the name, optional arguments in brackets, dots where any number may follow.</param>
/// <param name="Purpose">What it does, in a line; empty for parts of other commands that run in a process of their own.</param>
/// <param name="Run">Does it; receives what follows the name and returns the exit code.</param>
internal sealed record BenchmarkCommand(string Name, string Usage, string Purpose, Func<string[], Task<int>> Run)
{
    /// <summary>A command that does not wait for anything.</summary>
    public BenchmarkCommand(string name, string usage, string purpose, Func<string[], int> run)
        : this(name, usage, purpose, arguments => Task.FromResult(run(arguments)))
    {
    }

    private string[] Arguments => Usage.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Finds the command and runs it; what is wrong is said in a sentence on standard error.</summary>
    /// <param name="commands">All commands.</param>
    /// <param name="arguments">The arguments of the program, the first of them the command's name.</param>
    /// <returns>0 done, 1 failed, 2 wrong usage or input.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<BenchmarkCommand> commands, string[] arguments)
    {
        var command = commands.FirstOrDefault(command => string.Equals(command.Name, arguments[0], StringComparison.Ordinal));
        if (command is null)
        {
            return Fail(
                2,
                $"There is no command \"{arguments[0]}\". Without arguments all are listed; options of BenchmarkDotNet start with \"--\".");
        }

        if (!command.Takes(arguments.Length - 1))
            return Fail(2, $"Usage: {command.Name} {command.Usage}");

        try
        {
            return await command.Run(arguments[1..]);
        }
        catch (Exception exception) when (exception is InputException or FormatException or FileNotFoundException
            or DirectoryNotFoundException)
        {
            return Fail(2, exception.Message);
        }
        catch (Exception exception) when (exception is TiebreakException or IOException or InvalidOperationException
            or System.ComponentModel.Win32Exception)
        {
            return Fail(1, exception.Message);
        }
    }

    /// <summary>Lists the commands that people call.</summary>
    public static int List(IReadOnlyList<BenchmarkCommand> commands)
    {
        foreach (var command in commands.Where(command => command.Purpose.Length > 0))
            Console.WriteLine($"{command.Name} {command.Usage}\n    {command.Purpose}");
        Console.WriteLine("--filter '*Name*'\n    BenchmarkDotNet's benchmarks");
        return 0;
    }

    private static int Fail(int exitCode, string sentence)
    {
        Console.Error.WriteLine(sentence);
        return exitCode;
    }

    private bool Takes(int given) =>
        given >= Arguments.Count(argument => !argument.StartsWith('['))
        && (given <= Arguments.Length || Usage.Contains("...", StringComparison.Ordinal));
}
