using BenchmarkDotNet.Attributes;
using Tiebreak.Core.Battles;
using Tiebreak.Data;

namespace Tiebreak.Benchmarks;

/// <summary>Reading the competition's training data from disk cache to battles in memory.</summary>
[MemoryDiagnoser]
public class ReadKaggleCsv
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"tiebreak-bench-{Guid.NewGuid():N}.csv");

    [GlobalSetup]
    public void Generate() => SyntheticKaggleFile.Write(_path);

    [GlobalCleanup]
    public void Delete() => File.Delete(_path);

    [Benchmark(Baseline = true)]
    public List<Battle> Sylvan() => SylvanReader.Read(_path);

    [Benchmark]
    public List<Battle> OneThread() => Tiebreak(_path, threads: 1);

    [Benchmark]
    public List<Battle> AllThreads() => Tiebreak(_path, Environment.ProcessorCount);

    [Benchmark]
    public int AllThreadsStreaming() => BattleReader.Read(_path).Count();

    internal static List<Battle> Tiebreak(string path, int threads)
    {
        var battles = new List<Battle>();
        foreach (var row in BattleReader.Read(path, new BattleReadOptions { Threads = threads }))
        {
            if (row.Battle is not null)
                battles.Add(row.Battle);
        }

        return battles;
    }
}
