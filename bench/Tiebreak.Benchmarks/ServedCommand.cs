using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Tiebreak.Benchmarks;

/// <summary>The command as processes: one that serves on the loopback interface, and others that end.</summary>
internal sealed class ServedCommand : IDisposable
{
    private ServedCommand(Process process, Uri address, TimeSpan readyAfter) =>
        (Process, Address, ReadyAfter) = (process, address, readyAfter);

    /// <summary>The process that serves.</summary>
    public Process Process { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>The time from its start until its judge has reproduced its check rows.</summary>
    public TimeSpan ReadyAfter { get; }

    /// <summary>Starts <c>tiebreak serve</c> and waits until it is ready.</summary>
    /// <param name="tiebreak">The command.</param>
    /// <param name="judge">The folder of the judge's bundle.</param>
    /// <param name="environment">Variables that the process gets beside those of this one.</param>
    /// <exception cref="InvalidOperationException">It ended before it was ready.</exception>
    public static async Task<ServedCommand> StartAsync(string tiebreak, string judge, params (string Name, string Value)[] environment)
    {
        var started = Stopwatch.StartNew();
        var process = Start(tiebreak, ["serve", "--judge", judge, "--urls", "http://127.0.0.1:0", "--json"], environment);
        try
        {
            var text = "";
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                text += line;
                if (line is "}")
                    return new ServedCommand(process, new Uri((string)JsonNode.Parse(text)!["urls"]![0]!), started.Elapsed);
            }

            throw new InvalidOperationException($"{tiebreak} serve ended before it was ready.");
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    /// <summary>Runs the command to its end.</summary>
    /// <returns>Its processor time.</returns>
    /// <exception cref="InvalidOperationException">Its exit code is not 0.</exception>
    public static async Task<TimeSpan> RunAsync(string tiebreak, params string[] arguments)
    {
        var before = ProcessorTimeOfEnded();
        using var process = Start(tiebreak, arguments);
        _ = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? ProcessorTimeOfEnded() - before
            : throw new InvalidOperationException($"{tiebreak} {arguments[0]} ended with exit code {process.ExitCode}.");
    }

    /// <summary>The processor time of the server until now.</summary>
    public TimeSpan ProcessorTime()
    {
        Process.Refresh();
        return Process.TotalProcessorTime;
    }

    public void Dispose()
    {
        Process.Kill();
        Process.Dispose();
    }

    /// <summary>
    /// The processor time of all processes that this one has started and that have ended, of which Linux tells nothing in another way:
    /// fields 16 and 17 of <c>/proc/self/stat</c>, in hundredths of a second.
    /// </summary>
    private static TimeSpan ProcessorTimeOfEnded()
    {
        var stat = File.ReadAllText("/proc/self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' '); // from field 3 on
        return TimeSpan.FromMilliseconds(10 * (Ticks(16) + Ticks(17)));

        long Ticks(int field) => long.Parse(fields[field - 3], CultureInfo.InvariantCulture);
    }

    private static Process Start(string tiebreak, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(tiebreak, arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
