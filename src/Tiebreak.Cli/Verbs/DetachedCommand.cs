using System.CommandLine;
using System.Globalization;
using Tiebreak.Cli.Output;
using Tiebreak.Cli.Verbs.Scoring;
using Tiebreak.Core;

namespace Tiebreak.Cli.Verbs;

/// <summary>The same command line once more, in a process that goes on when the terminal closes.</summary>
internal static class DetachedCommand
{
    public const string OptionName = "--detach";

    // In a session of its own, where the system has setsid, no signal of the terminal reaches it; nohup is everywhere.
    private const string Script =
        """
        log=$1; shift
        if command -v setsid > /dev/null; then set -- setsid "$@"; fi
        nohup "$@" > "$log" 2>&1 < /dev/null & echo $!
        """;

    /// <summary>Starts it, and says where it can be followed.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="session">Where to say it.</param>
    /// <param name="option">The option that names the folder of the job, by which <c>status</c> finds it.</param>
    /// <param name="folder">The folder of the job; what the process says goes into a file beside it.</param>
    /// <param name="isNamed">Whether the command line names the folder.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="InputException">This system has no shell of the Unix kind.</exception>
    public static async Task<int> StartAsync(ParseResult parse, Session session, string option, string folder, bool isNamed)
    {
        var log = $"{Path.TrimEndingDirectorySeparator(folder)}.log";
        var arguments = parse.Tokens.Select(token => token.Value).Where(token => token is not OptionName);
        var process = await StartAsync([.. arguments, .. isNamed ? Array.Empty<string>() : [option, folder]], log);
        session.Say($"Process {process.ToString(CultureInfo.InvariantCulture)} goes on in the background; {log} holds what it says, and "
            + $"`tiebreak status {option} {folder}` says how far it is.");
        session.Emit(new DetachedRun(process, folder, log), () => CommandJson.Default.DetachedRun);
        return TiebreakCommand.Ok;
    }

    private static async Task<int> StartAsync(IReadOnlyList<string> arguments, string log)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new InputException(
                $"{OptionName} needs a Unix shell. On Windows, start the command without it in a window of its own: "
                    + "start /min tiebreak ...");
        }

        using var shell = WorkerProcess.Start(["sh", "-c", Script, "sh", log, .. WorkerProcess.Command, .. arguments]);
        var number = await shell.StandardOutput.ReadLineAsync();
        await shell.WaitForExitAsync();
        return int.TryParse(number, CultureInfo.InvariantCulture, out var process)
            ? process
            : throw new TiebreakException($"The command could not be sent to the background: {await shell.StandardError.ReadToEndAsync()}");
    }
}

/// <summary>A job that goes on in the background.</summary>
/// <param name="Process">The number of the process.</param>
/// <param name="Run">Folder of the scoring run, or of the work of a training or search.</param>
/// <param name="Log">The file that holds what it says.</param>
internal sealed record DetachedRun(int Process, string Run, string Log);
