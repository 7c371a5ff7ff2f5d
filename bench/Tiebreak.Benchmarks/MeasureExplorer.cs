using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Tiebreak.App;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Randomness;
using Tiebreak.Data;
using Tiebreak.Explorer.Index;

namespace Tiebreak.Benchmarks;

/// <summary>
/// The explorer's index over many battles: how soon they can be browsed, and how long filters, pages and searches take afterwards.
/// </summary>
internal static class MeasureExplorer
{
    public const string Verb = "measure-explorer";

    private const int Questions = 1_000;
    private const int Searches = 200;
    private const int PageSize = 50;

    public static async Task<int> RunAsync(string folder, int battles)
    {
        var work = Directory.CreateTempSubdirectory("tiebreak-explorer-").FullName;
        try
        {
            var path = Path.Combine(work, "battles.jsonl");
            var read = BattleSet.Load(
                [.. Directory.EnumerateFiles(folder, "*.jsonl.gz").Order(StringComparer.Ordinal)],
                new BattleReadOptions { Purpose = BattlePurpose.Explore });
            BattleWriter.WriteJsonl(path, Repeat(read.Battles, battles));
            var table = new StringBuilder().Append(CultureInfo.InvariantCulture, $"""
                # The explorer's index

                {battles:N0} battles, made of {read.Battles.Count:N0} real ones by repeating them with new ids: {new FileInfo(path).Length / 1e9:0.0} GB of JSON lines, {new FileInfo(path).Length / (double)battles / 1e3:0.0} KB a battle.
                {CompareTable.Cpu()}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, {DateTime.UtcNow:yyyy-MM-dd}; load average {Load()} at the beginning.
                Made by `dotnet run -c Release --project bench/Tiebreak.Benchmarks -- {Verb} FOLDER`.

                | what | time | goal |
                |---|---|---|

                """);
            await BuildAsync(path, table);
            await AskAsync(path, read.Battles, battles, table);
            table.Append(CultureInfo.InvariantCulture, $"\nThe index takes {SizeOf($"{path}.tiebreak-index") / 1e9:0.0} GB on disk; ");
            table.Append(CultureInfo.InvariantCulture, $"load average {Load()} at the end.\n");
            Console.WriteLine(table);
            return 0;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task BuildAsync(string path, StringBuilder table)
    {
        var (clock, before) = (Stopwatch.StartNew(), ProcessorTime());
        await using var index = await OpenAsync(path);
        Row(table, "the first battles can be browsed", clock, before, "5 s");
        await UntilAsync(index, progress => progress.HasAllBattles);
        Row(table, "all battles can be browsed", clock, before, "3 minutes");
        await UntilAsync(index, progress => progress.HasFindings);
        Row(table, "all findings are known", clock, before, "6 minutes");
        await index.Completion;
        Row(table, "words can be searched", clock, before, "");
        using var process = Process.GetCurrentProcess();
        var (peak, now) = (process.PeakWorkingSet64 / 1e9, process.WorkingSet64 / 1e9);
        table.Append(
            CultureInfo.InvariantCulture, $"| memory while building, with this program's own | at most {peak:0.0} GB, in the end {now:0.0} GB | |\n");
    }

    private static async Task AskAsync(string path, IReadOnlyList<Battle> battles, int count, StringBuilder table)
    {
        var (clock, before) = (Stopwatch.StartNew(), ProcessorTime());
        await using var index = await OpenAsync(path);
        var page = index.Page(BattleFilter.Everything, BattleSort.InFileOrder, 0, PageSize);
        Row(table, "opened again, with the first page", clock, before, "3 s");

        var random = new SeededRandom(1);
        var filters = Enumerable.Range(0, Questions).Select(_ => RandomFilter(ref random, battles)).ToArray();
        Measure(table, $"page of {Questions:N0} random filters and orders", "100 ms", filters, one => index.Page(one.Filter, one.Sort, 0, PageSize));
        Measure(table, "the same, at a random place of the list", "", filters, one => index.Page(one.Filter, one.Sort, one.Number, PageSize));
        Measure(table, "counts of the same filters", "", filters[..(Questions / 5)], one => index.Counts(one.Filter));
        Measure(table, "wins and counts of 20 models", "", filters[..(Questions / 5)], one => index.Matrix(one.Filter, 20));
        Measure(table, "a battle with its texts, and those beside it", "", filters[..(Questions / 5)], one =>
            (index.At(1 + (one.Number % count)), index.Neighbours(one.Filter, one.Sort, 1 + (one.Number % count))));
        var words = Enumerable.Range(0, Searches).Select(_ => RandomWords(ref random, battles)).ToArray();
        Measure(table, "page of searches for two words that stand side by side in some prompt", "300 ms", words, one =>
            index.Page(BattleFilter.Everything with { Text = one }, BattleSort.InFileOrder, 0, PageSize));
        Measure(table, "the battles most similar to one", "", filters[..(Questions / 5)], one => index.Similar(1 + (one.Number % count), 20));
        using var process = Process.GetCurrentProcess();
        table.Append(CultureInfo.InvariantCulture, $"\nMemory after all questions: {process.WorkingSet64 / 1e9:0.0} GB.\n");
    }

    private static Task<BattleIndex> OpenAsync(string path) => BattleIndex.OpenAsync(
        new JobContext { Judges = new JudgeRegistry([]) }, [path], new BattleIndexOptions(), CancellationToken.None);

    private static async Task UntilAsync(BattleIndex index, Predicate<IndexProgress> isReached)
    {
        while (!isReached(index.Progress) && !index.Completion.IsCompleted)
            await Task.Delay(100);
    }

    private static IEnumerable<Battle> Repeat(IReadOnlyList<Battle> battles, int count) =>
        Enumerable.Range(0, count).Select(i => battles[i % battles.Count] with { Id = $"{battles[i % battles.Count].Id}-{i / battles.Count}" });

    private static (BattleFilter Filter, BattleSort Sort, int Number) RandomFilter(ref SeededRandom random, IReadOnlyList<Battle> battles)
    {
        var filter = BattleFilter.Everything;
        for (var part = random.Next(3); part >= 0; part--)
        {
            var battle = battles[random.Next(battles.Count)];
            var length = 1 << (6 + random.Next(7));
            filter = random.Next(8) switch
            {
                0 => filter with { Models = battle.ModelA is { } model ? [model] : [] },
                1 => filter with { Models = battle is { ModelA: { } a, ModelB: { } b } ? [a, b] : [], Won = battle.ModelA },
                2 => filter with { Winners = [BattleFilter.AllWinners[random.Next(BattleFilter.AllWinners.Count)]] },
                3 => filter with { Turns = new NumberRange(2, null) },
                4 => filter with { Length = new NumberRange(length, 2 * length) },
                5 => filter with { Sources = battle.Source is { } source ? [source] : [] },
                6 => filter with { Findings = [BattleFilter.AllFindings[random.Next(BattleFilter.AllFindings.Count)]] },
                _ => filter with { Languages = ["English"] },
            };
        }

        string[] sorts = ["number", "number", "-number", "-length", "difference", "-turns", "tokens"];
        return (filter, BattleSort.Parse(sorts[random.Next(sorts.Length)]), random.Next(1_000_000));
    }

    private static string RandomWords(ref SeededRandom random, IReadOnlyList<Battle> battles)
    {
        while (true)
        {
            var words = battles[random.Next(battles.Count)].Turns[0].Prompt?.Split(' ') ?? [];
            if (words.Length > 1 && random.Next(words.Length - 1) is var i && IsWord(words[i]) && IsWord(words[i + 1]))
                return $"{words[i]} {words[i + 1]}";
        }
    }

    private static bool IsWord(string text) => text.Length > 0 && text.All(char.IsLetter);

    private static void Measure<T>(StringBuilder table, string what, string goal, T[] questions, Func<T, object> ask)
    {
        foreach (var question in questions.Take(20))
            ask(question);
        var (times, before) = (new double[questions.Length], ProcessorTime());
        for (var i = 0; i < times.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            ask(questions[i]);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        var processor = (ProcessorTime() - before).TotalMilliseconds / times.Length;
        Array.Sort(times);
        var (median, slow) = (times[times.Length / 2], times[times.Length * 95 / 100]);
        table.Append(
            CultureInfo.InvariantCulture,
            $"| {what} | median {median:0.0} ms, 95th percentile {slow:0.0} ms, processor {processor:0.0} ms on average | {goal} |\n");
    }

    // Processor time tells what a machine with nothing else to do would take: half of it at best with two cores.
    private static void Row(StringBuilder table, string what, Stopwatch clock, TimeSpan before, string goal)
    {
        using var process = Process.GetCurrentProcess();
        table.Append(
            CultureInfo.InvariantCulture,
            $"| {what} | {clock.Elapsed.TotalSeconds:0.0} s, processor {(process.TotalProcessorTime - before).TotalSeconds:0.0} s | {goal} |\n");
    }

    private static TimeSpan ProcessorTime()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }

    private static long SizeOf(string folder) => new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length);

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
