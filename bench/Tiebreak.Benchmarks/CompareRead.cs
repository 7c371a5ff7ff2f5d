using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Tiebreak.Data;

namespace Tiebreak.Benchmarks;

/// <summary>
/// The table of <c>bench/results/CPU/read.md</c>: the same file read by Tiebreak, by Sylvan with System.Text.Json and by pandas with json,
/// each in a process of its own, from the disk cache, in one run. The process measures itself; its start does not count.
/// </summary>
internal static class CompareRead
{
    public const string MeasureVerb = "measure-read";

    private const int Runs = 5;
    private const int ReferenceRuns = 3;
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Runs everything and writes the table. The first option is the Python to use, python3 where there is none.</summary>
    public static int Run(string[] options)
    {
        var file = Path.Combine(Path.GetTempPath(), $"tiebreak-bench-{Guid.NewGuid():N}.csv");
        try
        {
            SyntheticKaggleFile.Write(file);
            var reference = Start(
                options.FirstOrDefault("python3"),
                [Path.Combine(Repository(), "bench", "reference", "read_kaggle.py"), file, $"{ReferenceRuns}"]);
            var table = new CompareTable(new FileInfo(file).Length, reference);
            table.Add($"pandas.read_csv + json.loads ({reference.Version})", reference);
            table.Add("Sylvan.Data.Csv + System.Text.Json, 1 thread", StartSelf("sylvan", file));
            table.Add("Tiebreak, 1 thread", StartSelf("one-thread", file));
            table.Add($"Tiebreak, {Environment.ProcessorCount} threads", StartSelf("all-threads", file));
            table.Add(
                $"Tiebreak, {Environment.ProcessorCount} threads, server garbage collector",
                StartSelf("all-threads", file, serverCollector: true));
            table.Add($"Tiebreak, {Environment.ProcessorCount} threads, streaming (battles not kept)", StartSelf("streaming", file));
            table.Add(
                $"Tiebreak, BattleSet.Load (with SHA-256 and id check), {Environment.ProcessorCount} threads", StartSelf("load", file));
            table.Write(Path.Combine(Repository(), "bench", "results"));
            return 0;
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Reads the file several times in this process and prints the measurement as JSON.</summary>
    public static int Measure(string reader, string file, int runs)
    {
        var seconds = new List<double>();
        var rows = 0;
        for (var run = 0; run < runs; run++)
        {
            GC.Collect();
            var clock = Stopwatch.StartNew();
            rows = reader switch
            {
                "sylvan" => SylvanReader.Read(file).Count,
                "one-thread" => ReadKaggleCsv.Tiebreak(file, threads: 1).Count,
                "all-threads" => ReadKaggleCsv.Tiebreak(file, Environment.ProcessorCount).Count,
                "streaming" => BattleReader.Read(file).Count(),
                _ => BattleSet.Load([file]).Battles.Count,
            };
            seconds.Add(clock.Elapsed.TotalSeconds);
        }

        using var self = Process.GetCurrentProcess();
        var measurement = new Measurement(seconds, self.PeakWorkingSet64 / 1048576.0, rows, RuntimeInformation.FrameworkDescription);
        Console.WriteLine(JsonSerializer.Serialize(measurement, SnakeCase));
        return 0;
    }

    private static Measurement StartSelf(string reader, string file, bool serverCollector = false) =>
        Start("dotnet", [typeof(CompareRead).Assembly.Location, MeasureVerb, reader, file, $"{Runs}"], serverCollector);

    public static Measurement Start(string program, string[] arguments, bool serverCollector = false) =>
        JsonSerializer.Deserialize<Measurement>(Output(program, arguments, serverCollector), SnakeCase)!;

    /// <summary>What a process of its own prints.</summary>
    public static string Output(string program, string[] arguments, bool serverCollector = false)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["DOTNET_gcServer"] = serverCollector ? "1" : "0";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} ended with exit code {process.ExitCode.ToString(CultureInfo.InvariantCulture)}.");
    }

    public static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Tiebreak.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Run the benchmark from inside the repository.");
        return folder;
    }
}
