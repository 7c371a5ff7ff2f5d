using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Data.Votes;

namespace Tiebreak.Benchmarks;

/// <summary>
/// Votes, and the competition's battles as CSV, Parquet and JSON Lines: generated, read from the disk cache five times in one process.
/// </summary>
internal static class MeasureFormats
{
    private const int Votes = 1_200_000;
    private const int Models = 130;

    public static int Run(string results)
    {
        var table = new StringBuilder().Append(CultureInfo.InvariantCulture, $"""
            # Reading other formats

            Synthetic rows, from the disk cache, streaming (battles are not kept; votes are), best and median of five runs in one process.
            {CompareTable.Cpu()}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, {DateTime.UtcNow:yyyy-MM-dd}.
            Made by `dotnet run -c Release --project bench/Tiebreak.Benchmarks -- measure-formats`.

            | file | rows | MB | best | median | MB/s |
            |---|---|---|---|---|---|

            """);
        var folder = Directory.CreateTempSubdirectory("tiebreak-bench-").FullName;
        try
        {
            var (votes, kaggle, parquet, jsonl) =
                (Path.Combine(folder, "v"), Path.Combine(folder, "k"), Path.Combine(folder, "p"), Path.Combine(folder, "j"));
            WriteVotes(votes);
            Add(table, "votes CSV", votes, () => VoteReader.Read(votes).Count);
            SyntheticKaggleFile.Write(kaggle);
            Add(table, "competition CSV", kaggle, () => BattleReader.Read(kaggle).Count());
            BattleWriter.WriteParquet(parquet, Battles(kaggle));
            Add(table, "Parquet", parquet, () => BattleReader.Read(parquet).Count());
            BattleWriter.WriteJsonl(jsonl, Battles(kaggle));
            Add(table, "Tiebreak JSONL", jsonl, () => BattleReader.Read(jsonl).Count());
            CompareTable.Save(results, "formats.md", table.ToString());
            Console.WriteLine(table);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<Battle> Battles(string path) => BattleReader.Read(path).Select(row => row.Battle!);

    private static void Add(StringBuilder table, string name, string path, Func<int> read)
    {
        var seconds = new List<double>();
        var rows = 0;
        for (var run = 0; run < 5; run++)
        {
            var clock = Stopwatch.StartNew();
            rows = read();
            seconds.Add(clock.Elapsed.TotalSeconds);
        }

        seconds.Sort();
        var megabytes = new FileInfo(path).Length / 1e6;
        table.Append(
            CultureInfo.InvariantCulture,
            $"| {name} | {rows:N0} | {megabytes:0.0} | {seconds[0]:0.00} s | {seconds[2]:0.00} s | {megabytes / seconds[0]:0} |\n");
    }

    private static void WriteVotes(string path)
    {
        using var writer = new StreamWriter(path);
        writer.WriteLine("model_a,model_b,winner,judge,turn,anony,language,tstamp");
        string[] winners = ["model_a", "model_b", "tie", "tie (bothbad)"];
        for (var i = 0; i < Votes; i++)
        {
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"chat-model-{i * 7 % Models},chat-model-{((i * 13) + 1) % Models},{winners[i * 31 % 4]},arena_user_"
                    + $"{i % 5000},1,True,English,{1_682_351_591 + i}.1322"));
        }
    }
}
