using System.Diagnostics;
using System.Globalization;
using Tiebreak.Core.Randomness;
using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary>
/// Real processes, killed as <c>kill -9</c> does it, at random moments, until the submission is finished: the same bytes as without a kill.
/// <c>TIEBREAK_KILLS</c> (default 1000) and <c>TIEBREAK_SEED</c> say how many and which.
/// </summary>
public sealed class KillTests(QuickstartFixture quickstart, ITestOutputHelper output) : IClassFixture<QuickstartFixture>
{
    private const int Rows = 30_000;

    /// <summary>So many runs go on and are killed beside each other.</summary>
    private const int Lanes = 4;

    /// <summary>Milliseconds; longer than an undisturbed resumption takes, so that runs end, but most lives are much shorter.</summary>
    private const int LongestLife = 8000;

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "tiebreak.dll");

    private int _runs;
    private int _first;
    private int _workers;
    private int _inScoring;

    [SlowFact]
    public async Task Kills_at_random_moments_do_not_change_a_byte()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "children are found in /proc");
        using var folder = new TemporaryFolder();
        BattleWriter.WriteKaggleTest(folder["test.csv"], SyntheticBattles.Create(Rows, labelled: false));
        string[] predict = ["predict", "--judge", quickstart.Judge, "--data", folder["test.csv"]];
        Assert.Equal(0, (await CommandRun.OfAsync([.. predict, "--out", folder["plain.csv"]])).ExitCode);
        var expected = await File.ReadAllBytesAsync(folder["plain.csv"]);

        var seed = ulong.Parse(Environment.GetEnvironmentVariable("TIEBREAK_SEED") ?? "1", CultureInfo.InvariantCulture);
        var wanted = int.Parse(Environment.GetEnvironmentVariable("TIEBREAK_KILLS") ?? "1000", CultureInfo.InvariantCulture);
        await Task.WhenAll(Enumerable.Range(0, Lanes)
            .Select(lane => KillAsync(folder, predict, lane, (seed * Lanes) + (ulong)lane, wanted / Lanes, expected)));
        output.WriteLine($"{_first} first processes and {_workers} workers killed, {_inScoring} of them after the first shard, "
            + $"in {_runs} runs; every submission is the same.");
    }

    private async Task KillAsync(TemporaryFolder folder, string[] predict, int lane, ulong seed, int wanted, byte[] expected)
    {
        var random = new SeededRandom(seed);
        var submission = folder[$"s-{lane}.csv"];
        for (var kills = 0; kills < wanted;)
        {
            var run = folder[$"run-{Interlocked.Increment(ref _runs)}"];
            string[] arguments = [Program, .. predict, "--out", submission, "--run", run, "--resume", "--workers", "2", "--threads", "2"];
            for (var exitCode = -1; exitCode != 0;)
            {
                using var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
                {
                    RedirectStandardError = true,
                    RedirectStandardOutput = true,
                    UseShellExecute = false,
                })!;
                var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
                while (!await EndsAsync(process, (int)(LongestLife * random.NextDouble() * random.NextDouble())))
                {
                    kills++;
                    if (Directory.Exists(Path.Combine(run, "done")))
                        Interlocked.Increment(ref _inScoring);
                    if (random.Next(3) == 0 && Children(process.Id) is [var worker, ..] && Kill(worker))
                    {
                        Interlocked.Increment(ref _workers);
                        continue;
                    }

                    // Only this process: its worker lives on, finishes what it has, and must not get in the way.
                    process.Kill();
                    Interlocked.Increment(ref _first);
                }

                await process.WaitForExitAsync();
                await said;
                exitCode = process.ExitCode;
            }

            Assert.Equal(expected, await File.ReadAllBytesAsync(submission));
            Assert.Empty(Directory.GetFiles(folder.Path, $"{Path.GetFileName(submission)}.*.tmp"));
        }
    }

    private static async Task<bool> EndsAsync(Process process, int milliseconds)
    {
        using var timer = new CancellationTokenSource(milliseconds);
        try
        {
            await process.WaitForExitAsync(timer.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return process.HasExited;
        }
    }

    private static bool Kill(int worker)
    {
        try
        {
            using var process = Process.GetProcessById(worker);
            process.Kill();
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    // The fourth field of /proc/N/stat is the parent; the second one is a name in parentheses, which may hold anything.
    private static List<int> Children(int parent)
    {
        var children = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var process))
                continue;

            try
            {
                var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                if (int.Parse(fields[1], CultureInfo.InvariantCulture) == parent)
                    children.Add(process);
            }
            catch (IOException)
            {
                // It has just ended.
            }
        }

        return children;
    }
}
