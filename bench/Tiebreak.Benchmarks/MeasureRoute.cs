using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;
using Tiebreak.Features.Routing;
using Tiebreak.Ratings.Routing;

namespace Tiebreak.Benchmarks;

/// <summary>How long a routing policy over 64 models takes to choose, warm, on one thread, by the length of the prompt.</summary>
internal static class MeasureRoute
{
    public const string Verb = "measure-route";

    private const int Models = 64;
    private const int Battles = 6_000;
    private const int Choices = 2_000;

    private static readonly int[] Lengths = [50, 500, 5_000, 50_000];

    public static async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("tiebreak-route-").FullName;
        try
        {
            var clock = Stopwatch.StartNew();
            var policyFolder = Path.Combine(folder, "policy");
            await new RoutingTraining
            {
                Format = new PromptRatingsFormat(),
                Reference = "model-0",
                Costs = [.. Enumerable.Range(0, Models)
                    .Select(m => new ModelCost { Model = $"model-{m}", InputPerMillion = Models - m, OutputPerMillion = Models - m })],
                Out = policyFolder,
                Data = [],
                Prompts = PromptUse.Always,
            }.RunAsync(Generate());
            var training = clock.Elapsed.TotalSeconds;
            clock.Restart();
            var policy = await RoutingPolicy.OpenAsync(policyFolder, new PromptRatingsFormat());
            var opening = clock.Elapsed.TotalSeconds;
            var table = new StringBuilder().Append(CultureInfo.InvariantCulture, $"""
                # Choosing a model for a prompt

                A policy over {Models} models (its file has {new FileInfo(Path.Combine(policyFolder, "prompt_ratings.tsv")).Length / 1e6:0.0} MB), trained on {Battles:N0} synthetic battles in {training:0} s and opened in {opening:0.00} s; {Choices:N0} different prompts of each length, warm, one thread.
                {CompareTable.Cpu()}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, {DateTime.UtcNow:yyyy-MM-dd}.
                Made by `dotnet run -c Release --project bench/Tiebreak.Benchmarks -- {Verb}`.

                | characters | median | 99th percentile | goal |
                |---|---|---|---|

                """);
            foreach (var length in Lengths)
            {
                var times = Measure(policy, length);
                table.Append(
                    CultureInfo.InvariantCulture,
                    $"| {length:N0} | {times[times.Length / 2]:0.000} ms | {times[times.Length * 99 / 100]:0.000} ms | under 1 ms |\n");
            }

            Console.WriteLine(table);
            CompareTable.Save(Path.Combine("bench", "results"), "route.md", table.ToString());
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double[] Measure(RoutingPolicy policy, int length)
    {
        var prompts = Enumerable.Range(0, Choices).Select(i => Prompt(i, length)).ToArray();
        foreach (var prompt in prompts)
            policy.Choose(prompt, 0.45);
        var times = new double[prompts.Length];
        for (var i = 0; i < times.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            policy.Choose(prompts[i], 0.45);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return times;
    }

    private static Battle[] Generate()
    {
        var random = new SeededRandom(1);
        return
        [
            .. Enumerable.Range(0, Battles).Select(i =>
            {
                var (a, b) = (random.Next(Models), random.Next(Models - 1));
                b += b >= a ? 1 : 0;
                var draw = random.NextDouble();
                return new Battle
                {
                    Id = $"{i}",
                    Turns = [new Turn(Prompt(i, 300), "An answer of ten words, more or less, no matter which.", "Another answer.")],
                    ModelA = $"model-{a}",
                    ModelB = $"model-{b}",
                    Verdict = draw < 0.3 ? Verdict.Tie : draw < 0.3 + (0.7 / (1 + Math.Exp((a - b) / 30.0))) ? Verdict.A : Verdict.B,
                };
            }),
        ];
    }

    private static string Prompt(int seed, int length)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        new SyntheticText(random) { Language = random.Next(4) == 0 ? random.Next(SyntheticText.Languages) : 0 }.Append(text, length);
        return text.ToString();
    }
}
