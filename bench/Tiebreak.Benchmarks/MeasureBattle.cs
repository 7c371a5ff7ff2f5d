using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Judging;
using Tiebreak.Data;
using Tiebreak.Features.FeatureJudges;

namespace Tiebreak.Benchmarks;

/// <summary>
/// How long a feature judge takes for one battle after another, as a service does, when everything is compiled and in memory.
/// </summary>
internal static class MeasureBattle
{
    private const int Warm = 500;
    private const int Battles = 5000;

    /// <summary>Measures with the first battles of a file and prints the distribution.</summary>
    public static async Task<int> RunAsync(string bundle, string file)
    {
        await using var opened = await Bundle.OpenAsync(bundle, new JudgeRegistry([new FeatureJudgeFormat()]));
        var battles = BattleSet.Load([file]).Battles.Take(Warm + Battles).ToArray();
        var milliseconds = new List<double>();
        foreach (var battle in battles)
        {
            var start = Stopwatch.GetTimestamp();
            await opened.Judge.JudgeAsync([battle]);
            milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        double[] sorted = [.. milliseconds.Skip(Math.Min(Warm, battles.Length / 2)).Order()];
        double At(double share) => sorted[(int)(share * (sorted.Length - 1))];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {CompareTable.Cpu()}, {CompareTable.VectorLevel()}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}; {DateTime.UtcNow:yyyy-MM-dd}.

            | one battle, {sorted.Length:N0} battles of {Path.GetFileName(file)} | median | 95 % below | 99 % below | longest |
            |---|---|---|---|---|
            | Tiebreak, warm, both orders | {At(0.5):0.00} ms | {At(0.95):0.00} ms | {At(0.99):0.00} ms | {sorted[^1]:0.00} ms |
            """));
        return 0;
    }
}
