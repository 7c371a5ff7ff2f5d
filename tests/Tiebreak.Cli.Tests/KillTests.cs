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

    /// <summary>Longer than an undisturbed resumption takes, so that runs end.</summary>
    private const int LongestLife = 4000;

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "tiebreak.dll");

    [Fact(Explicit = true)]
    public async Task Kills_at_random_moments_do_not_change_a_byte()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "children are found in /proc");
        using var folder = new TemporaryFolder();
        BattleWriter.WriteKaggleTest(folder["test.csv"], SyntheticBattles.Create(Rows, labelled: false));
        string[] predict = ["predict", "--judge", quickstart.Judge, "--data", folder["test.csv"]];
        Assert.Equal(0, (await CommandRun.OfAsync([.. predict, "--out", folder["plain.csv"]])).ExitCode);
        var expected = await File.ReadAllBytesAsync(folder["plain.csv"]);

        var random = new SeededRandom(ulong.Parse(Environment.GetEnvironmentVariable("TIEBREAK_SEED") ?? "1", CultureInfo.InvariantCulture));
        var wanted = int.Parse(Environment.GetEnvironmentVariable("TIEBREAK_KILLS") ?? "1000", CultureInfo.InvariantCulture);
        var (runs, first, workers, inScoring) = (0, 0, 0, 0);
        for (; first + workers < wanted; runs++)
        {
            var run = folder[$"run-{runs}"];
            string[] arguments = [Program, .. predict, "--out", folder["s.csv"], "--run", run, "--resume", "--workers", "2", "--threads", "2"];
            for (var exitCode = -1; exitCode != 0;)
            {
                using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
                var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
                while (!process.WaitForExit(random.Next(LongestLife)))
                {
                    inScoring += Directory.Exists(Path.Combine(run, "done")) ? 1 : 0;
                    if (random.Next(3) == 0 && Children(process.Id) is [var worker, ..])
                    {
                        workers += Kill(worker) ? 1 : 0;
                        continue;
                    }

                    // Only this process: its worker lives on, finishes what it has, and must not get in the way.
                    process.Kill();
                    first++;
                }

                await process.WaitForExitAsync();
                await said;
                exitCode = process.ExitCode;
            }

            Assert.Equal(expected, await File.ReadAllBytesAsync(folder["s.csv"]));
            Assert.Empty(Directory.GetFiles(folder.Path, "s.csv.*.tmp"));
        }

        output.WriteLine($"{first} first processes and {workers} workers killed, {inScoring} of them after the first shard, in {runs} runs; every submission is the same.");
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
