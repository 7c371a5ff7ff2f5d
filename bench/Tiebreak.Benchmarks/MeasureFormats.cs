using System.Diagnostics;
using System.Globalization;
using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Data.Votes;

namespace Tiebreak.Benchmarks;

/// <summary>Votes, and the competition's battles as Parquet and JSON Lines: generated, read from the disk cache five times, printed.</summary>
internal static class MeasureFormats
{
    public const string Verb = "measure-formats";

    private const int Votes = 1_200_000;
    private const int Models = 130;

    public static int Run()
    {
        var folder = Directory.CreateTempSubdirectory("tiebreak-bench-").FullName;
        try
        {
            var (votes, kaggle, parquet, jsonl) = (Path.Combine(folder, "v"), Path.Combine(folder, "k"), Path.Combine(folder, "p"), Path.Combine(folder, "j"));
            WriteVotes(votes);
            Print("votes CSV", votes, () => VoteReader.Read(votes).Count);
            SyntheticKaggleFile.Write(kaggle);
            Print("competition CSV", kaggle, () => BattleReader.Read(kaggle).Count());
            BattleWriter.WriteParquet(parquet, Battles(kaggle));
            Print("Parquet", parquet, () => BattleReader.Read(parquet).Count());
            BattleWriter.WriteJsonl(jsonl, Battles(kaggle));
            Print("Tiebreak JSONL", jsonl, () => BattleReader.Read(jsonl).Count());
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<Battle> Battles(string path) => BattleReader.Read(path).Select(row => row.Battle!);

    private static void Print(string name, string path, Func<int> read)
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
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {rows} rows, {new FileInfo(path).Length / 1e6:0.0} MB, best {seconds[0]:0.000} s, median {seconds[2]:0.000} s"));
    }

    private static void WriteVotes(string path)
    {
        using var writer = new StreamWriter(path);
        writer.WriteLine("model_a,model_b,winner,judge,turn,anony,language,tstamp");
        string[] winners = ["model_a", "model_b", "tie", "tie (bothbad)"];
        for (var i = 0; i < Votes; i++)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"chat-model-{i * 7 % Models},chat-model-{((i * 13) + 1) % Models},{winners[i * 31 % 4]},arena_user_{i % 5000},1,True,English,{1_682_351_591 + i}.1322"));
    }
}
