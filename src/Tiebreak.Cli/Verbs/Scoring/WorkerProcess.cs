using System.Diagnostics;
using System.Globalization;
using Tiebreak.App.Predicting;
using Tiebreak.Core;
using Tiebreak.Native;

namespace Tiebreak.Cli.Verbs.Scoring;

/// <summary>This program once more, in a process of its own.</summary>
internal static class WorkerProcess
{
    private const string Name = "tiebreak";

    private const string Host = "dotnet";

    /// <summary>Characters of a reason, at most: a sentence, and no dump.</summary>
    private const int ReasonLength = 500;

    private static string Library => Path.Combine(AppContext.BaseDirectory, Name + ".dll");

    /// <summary>The command line of this very program.</summary>
    public static IReadOnlyList<string> Command => CommandOf(Environment.ProcessPath);

    /// <summary>The command line of this program in a process of some executable.</summary>
    /// <param name="process">
    /// The executable: the program itself; the <c>dotnet</c> that runs its library, which need not be in the search path; or another host,
    /// such as one of tests.
    /// </param>
    internal static IReadOnlyList<string> CommandOf(string? process) => Path.GetFileNameWithoutExtension(process) switch
    {
        Name => [process!],
        Host => [process!, Library],
        _ => [Host, Library],
    };

    /// <summary>Joins a run with one more worker.</summary>
    /// <param name="run">The run.</param>
    /// <param name="session">Threads, device and log of that worker.</param>
    /// <param name="cancellationToken">Ends the process.</param>
    /// <exception cref="TiebreakException">It cannot be started, or failed; the message is what it said.</exception>
    public static async Task RunAsync(PredictInRun run, Session session, CancellationToken cancellationToken)
    {
        using var process = Start([.. Command, .. Arguments(run, session, LibTorchFolder.Named)]);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = ReadErrorsAsync(process.StandardError);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        await output;
        var reason = await errors;
        cancellationToken.ThrowIfCancellationRequested();
        if (process.ExitCode != 0)
        {
            var message = string.Create(CultureInfo.InvariantCulture, $"it ended with exit code {process.ExitCode}. {reason}");
            throw new TiebreakException(message.TrimEnd());
        }
    }

    /// <summary>
    /// The arguments of a worker: where everything is for this process, which may be elsewhere than when the run was begun.
    /// </summary>
    internal static IReadOnlyList<string> Arguments(PredictInRun run, Session session, string? libTorch) =>
    [
        "worker",
        "--run", run.Folder,
        "--judge", run.Judge,
        "--data", run.Data,
        .. run.Fallback is { } fallback ? ["--fallback", fallback] : Array.Empty<string>(),
        .. run.Numbers is { } numbers ? ["--numbers", numbers] : Array.Empty<string>(),
        "--threads", session.Threads.ToString(CultureInfo.InvariantCulture),
        "--device", session.Device,
        .. session.LayerMajor is { } layerMajor ? ["--layer-major", layerMajor ? "always" : "never"] : Array.Empty<string>(),
        .. session.IsInvariant ? ["--invariant"] : Array.Empty<string>(),
        .. session.Members is { } members ? ["--members", members] : Array.Empty<string>(),
        .. InputOptions.ArgumentsOf(session.Reading.Mapping),
        .. session.Log is { } log ? ["--log", log] : Array.Empty<string>(),
        .. libTorch is null ? Array.Empty<string>() : ["--libtorch", libTorch],
    ];

    /// <summary>Starts a process whose output is read.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <exception cref="TiebreakException">There is no such program.</exception>
    internal static Process Start(IReadOnlyList<string> command)
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

    /// <summary>
    /// Passes warnings on; progress is not shown twice. The last line that is neither a warning nor a place in the code is the reason, if
    /// the process has failed.
    /// </summary>
    internal static async Task<string> ReadErrorsAsync(TextReader errors)
    {
        var last = "";
        while (await errors.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("Warning:", StringComparison.Ordinal))
                await Console.Error.WriteLineAsync(line);
            else if (!line.StartsWith("   at ", StringComparison.Ordinal) && !string.IsNullOrWhiteSpace(line))
                last = line;
        }

        return last.Length <= ReasonLength ? last : $"{last.AsSpan(0, ReasonLength)} ...";
    }
}
