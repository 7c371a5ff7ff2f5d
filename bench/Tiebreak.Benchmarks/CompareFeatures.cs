using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Features.Counted;
using Tiebreak.Features.TermVectors;

namespace Tiebreak.Benchmarks;

/// <summary>
/// Text features of a file of the competition's size: the counted features, and TF-IDF of words and word pairs of all three texts, against
/// scikit-learn's TF-IDF alone (<c>bench/reference/judge_speed.py</c>), each in a process of its own. Reading the file does not count.
/// </summary>
internal static class CompareFeatures
{
    public const string MeasureVerb = "measure-features";

    private const int Runs = 5;
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Runs both and prints a table.</summary>
    public static int Run(string python)
    {
        var file = Path.Combine(Path.GetTempPath(), $"tiebreak-bench-{Guid.NewGuid():N}.csv");
        try
        {
            SyntheticKaggleFile.Write(file);
            var reference = CompareRead.Start(
                python, [Path.Combine(CompareRead.Repository(), "bench", "reference", "judge_speed.py"), file, "features"]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
                {CompareTable.Cpu()}, {CompareTable.VectorLevel()}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}; {reference.Version}; {DateTime.UtcNow:yyyy-MM-dd}.

                | text features of {reference.Rows:N0} synthetic rows | first run | best | median | peak memory | times the reference, best |
                |---|---|---|---|---|---|
                """));
            Print("scikit-learn, TF-IDF alone", reference, reference);
            foreach (var what in new[] { "terms", "counts", "both" })
            {
                Print(
                    $"Tiebreak, {what}",
                    CompareRead.Start("dotnet", [typeof(CompareFeatures).Assembly.Location, MeasureVerb, what, file, $"{Runs}"]),
                    reference);
            }

            return 0;
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Works the features out several times in this process and prints the measurement as JSON.</summary>
    public static int Measure(string what, string file, int runs)
    {
        if (what is not ("terms" or "counts" or "both"))
            throw new FormatException($"\"{what}\" is neither terms nor counts nor both.");

        var battles = BattleSet.Load([file]).Battles;
        var seconds = new List<double>();
        for (var run = 0; run < runs; run++)
        {
            GC.Collect();
            var clock = Stopwatch.StartNew();
            if (what is "counts" or "both")
                new CountedFeatures(CountedFeatures.GroupNames).Extract(battles, Environment.ProcessorCount);
            if (what is "terms" or "both")
                Terms(battles);
            seconds.Add(clock.Elapsed.TotalSeconds);
        }

        using var self = Process.GetCurrentProcess();
        Console.WriteLine(JsonSerializer.Serialize(
            new Measurement(seconds, self.PeakWorkingSet64 / 1048576.0, battles.Count, RuntimeInformation.FrameworkDescription),
            SnakeCase));
        return 0;
    }

    private static void Terms(IReadOnlyList<Battle> battles)
    {
        string?[] texts = [.. battles.SelectMany(battle => new[]
        {
            string.Join('\n', battle.Turns.Select(turn => turn.Prompt)),
            string.Join('\n', battle.Turns.Select(turn => turn.ResponseA)),
            string.Join('\n', battle.Turns.Select(turn => turn.ResponseB)),
        })];
        var vocabulary = TermVocabulary.Build(TermKind.Words, texts, new TermOptions(), Environment.ProcessorCount);
        var vectors = new TermVector[texts.Length];
        Parallel.For(0, texts.Length, i => vectors[i] = vocabulary.Vectorise(texts[i]));
        GC.KeepAlive(vectors);
    }

    private static void Print(string name, Measurement measured, Measurement reference) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {measured.Seconds[0]:0.00} s | {measured.Best:0.00} s | {measured.Median:0.00} s | {measured.PeakMib:N0} MiB | "
            + $"{reference.Best / measured.Best:0.0}x |"));
}
