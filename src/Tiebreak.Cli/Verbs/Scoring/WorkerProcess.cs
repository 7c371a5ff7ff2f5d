using System.Diagnostics;
using System.Globalization;
using Tiebreak.Core;

namespace Tiebreak.Cli.Verbs.Scoring;

/// <summary>This program once more, in a process of its own.</summary>
internal static class WorkerProcess
{
    private const string Name = "tiebreak";

    /// <summary>The command line of this very program: the executable itself, or dotnet with its library.</summary>
    public static IReadOnlyList<string> Command =>
        Environment.ProcessPath is { } path && string.Equals(Path.GetFileNameWithoutExtension(path), Name, StringComparison.Ordinal)
            ? [path]
            : ["dotnet", Path.Combine(AppContext.BaseDirectory, Name + ".dll")];

    /// <summary>Joins a run with one more worker.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="session">Threads and device of that worker.</param>
    /// <param name="cancellationToken">Ends the process.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="TiebreakException">It cannot be started.</exception>
    public static async Task<int> RunAsync(string run, Session session, CancellationToken cancellationToken)
    {
        using var process = Start([.. Command, "worker", "--run", run, "--threads",
            session.Threads.ToString(CultureInfo.InvariantCulture), "--device", session.Device]);
        var silence = Task.WhenAll(process.StandardOutput.ReadToEndAsync(CancellationToken.None), PassOnAsync(process));
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        await silence;
        cancellationToken.ThrowIfCancellationRequested();
        return process.ExitCode;
    }

    /// <summary>Goes on in the background with other arguments; what it says goes to a file.</summary>
    /// <returns>The number of the process.</returns>
    /// <exception cref="InputException">This system has no shell of the Unix kind.</exception>
    public static async Task<int> DetachAsync(IReadOnlyList<string> arguments, string log)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new InputException(
                "--detach needs a Unix shell. On Windows, start the command without it in a window of its own: start /min tiebreak ...");
        }

        const string Script = "log=$1; shift; nohup \"$@\" > \"$log\" 2>&1 < /dev/null & echo $!";
        using var shell = Start(["sh", "-c", Script, "sh", log, .. Command, .. arguments]);
        var number = await shell.StandardOutput.ReadLineAsync();
        await shell.WaitForExitAsync();
        return int.TryParse(number, CultureInfo.InvariantCulture, out var process)
            ? process
            : throw new TiebreakException($"The command could not be sent to the background: {await shell.StandardError.ReadToEndAsync()}");
    }

    private static Process Start(IReadOnlyList<string> command)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(command[0], command.Skip(1))
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            })!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new TiebreakException($"{command[0]} could not be started: {exception.Message}", exception);
        }
    }

    // Warnings of the worker are warnings of the run; its progress is not shown twice.
    private static async Task PassOnAsync(Process process)
    {
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("Warning:", StringComparison.Ordinal))
                await Console.Error.WriteLineAsync(line);
        }
    }
}
