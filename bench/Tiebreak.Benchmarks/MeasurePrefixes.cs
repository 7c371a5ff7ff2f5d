using System.Diagnostics;
using System.Globalization;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Benchmarks;

/// <summary>
/// What it gains to compute once what several texts begin with: both orders of a battle, four responses to one prompt, a rubric before all
/// battles of a file. Each in turn with the plain way, on two layers of Llama 3.2 1B's shape.
/// </summary>
internal static class MeasurePrefixes
{
    private const int Vocabulary = 1000;
    private const int BatchTokens = 4096; // the default of recipes

    public static async Task<int> RunAsync(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("tiebreak-bench-").FullName;
        try
        {
            var sizes = RandomLlama.HalfBillion(Vocabulary);
            sizes["num_hidden_layers"] = 2;
            RandomLlama.Write(folder, sizes);
            await using var thread = await ModelThread.StartAsync(() => TransformerModel.Load(folder), Environment.ProcessorCount);
            var (cpu, cores) = (CompareTable.Cpu(), Environment.ProcessorCount);
            Console.WriteLine($"{cpu}, {cores} cores, float32, {DateTime.UtcNow:yyyy-MM-dd}, best of {rounds} in turn.");
            Console.WriteLine("\n| what | tokens given | computed | seconds, plain | shared | ratio |\n|---|---|---|---|---|---|");

            // The prompt is a third of the text; each order by itself has 600 tokens.
            TokenSequence[] battles = [.. Enumerable.Range(0, 6).SelectMany(i => new[] { Text((i, 200), (20 + i, 200), (40 + i, 200)),
                Text((i, 200), (40 + i, 200), (20 + i, 200)) })];
            await CompareAsync("6 battles in both orders, 600 tokens each", battles);
            await CompareAsync(
                "prompt of 600 tokens, four responses of 300", [.. Enumerable.Range(0, 4).Select(i => Text((1, 600), (10 + i, 300)))]);
            await CompareAsync(
                "rubric of 1,000 tokens, 24 battles of 500", [.. Enumerable.Range(0, 24).Select(i => Text((1, 1000), (10 + i, 500)))]);
            return 0;

            async Task CompareAsync(string what, TokenSequence[] texts)
            {
                var (head, sharing) = await thread.LookAsync(model => (model.Head, model.SharingFor(model.Head)));
                TokenSequence[][] rows = [.. texts.Select(text => new[] { text })];
                var (plain, shared) = (double.MaxValue, double.MaxValue);
                for (var round = 0; round < rounds; round++)
                {
                    plain = Math.Min(plain, await SecondsAsync(BatchPlan.Of(rows, BatchTokens, sharing: null)));
                    shared = Math.Min(shared, await SecondsAsync(BatchPlan.Of(rows, BatchTokens, sharing)));
                }

                var plan = BatchPlan.Of(rows, BatchTokens, sharing);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {what} | {plan.GivenTokens:N0} | {plan.ComputedTokens:N0} | {plain:F2} | {shared:F2} | {shared / plain:F2} |"));

                async Task<double> SecondsAsync(BatchPlan work)
                {
                    var kept = work.KeptTokens.Count > 0 ? new KeptPrefix(work.KeptTokens) : null;
                    var clock = Stopwatch.StartNew();
                    foreach (var batch in work.Batches)
                        _ = await thread.ComputeAsync([batch], kept, head, CancellationToken.None);
                    var seconds = clock.Elapsed.TotalSeconds;
                    if (kept is not null)
                        await thread.FreeAsync(kept);
                    return seconds;
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Parts of so many random tokens from a seed.
    private static TokenSequence Text(params (int Seed, int Count)[] parts) => new("text", [.. parts.SelectMany(part =>
    {
        var random = new Random(part.Seed);
        return Enumerable.Range(0, part.Count).Select(_ => random.Next(Vocabulary));
    })]);
}
