using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Torch;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Planning;
using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Benchmarks;

/// <summary>
/// A model whose weights are converted when they are opened, held as a whole and layer by layer: time and memory, each in a process of its
/// own, in turn; and layer by layer in a process that may not have a third of the memory that the whole model takes.
/// </summary>
internal static class MeasureLayerMajor
{
    public const string MeasureVerb = "measure-layer-major-one";

    private const int Vocabulary = 1000;
    private const int BatchTokens = 2048;
    private const int RowTokens = 512;
    private const int Rows = 8;

    // The shape of Llama 3.2 1B.
    private static readonly JsonObject Llama1B = new()
    {
        ["vocab_size"] = Vocabulary,
        ["hidden_size"] = 2048,
        ["intermediate_size"] = 8192,
        ["num_hidden_layers"] = 16,
        ["num_attention_heads"] = 32,
        ["num_key_value_heads"] = 8,
        ["max_position_embeddings"] = 4096,
    };

    public static int Run(string? sizes)
    {
        var folder = Directory.CreateTempSubdirectory("tiebreak-bench-").FullName;
        try
        {
            RandomLlama.Write(folder, sizes is null ? Llama1B : JsonNode.Parse(sizes)!.AsObject());
            var cost = ModelCost.Of(folder, DType.Float32);
            var limit = cost.TotalBytes(BatchTokens, RowTokens) / 3;
            var planned = cost.LayerMajorBytes(BatchTokens, RowTokens, Rows * RowTokens) - ModelCost.ProgramBytes;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{CompareTable.Cpu()}, {Environment.ProcessorCount} cores, float32 from bfloat16, {cost.Parameters:N0} parameters, {Rows} "
                + $"rows of {RowTokens} tokens, {DateTime.UtcNow:yyyy-MM-dd}; planned layer by layer beside the program: "
                + $"{planned / 1e6:N0} MB."));
            Console.WriteLine(
                "\n| how | opening and scoring, s | scoring once more, s | memory that no file backs, at most |\n|---|---|---|---|");
            foreach (var isStreamed in new[] { false, true, false, true })
                Console.WriteLine($"| {(isStreamed ? "layer by layer" : "as a whole")} | {Child(folder, isStreamed, limit: null)} |");
            Console.WriteLine($"| layer by layer, within {limit / 1e6:N0} MB of data | {Child(folder, isStreamed: true, limit)} |");
            Console.WriteLine($"| as a whole, within {limit / 1e6:N0} MB of data | {Child(folder, isStreamed: false, limit)} |");
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>One process: opens, scores twice, prints.</summary>
    public static async Task<int> MeasureAsync(string folder, bool isStreamed)
    {
        TorchRuntime.Start();
        var before = MeasurePacked.Anonymous();
        var (most, stop) = (0L, false);
        var watch = new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                most = Math.Max(most, MeasurePacked.Anonymous());
                Thread.Sleep(2);
            }
        })
        {
            IsBackground = true, // it must not keep a process that memory is too small for
        };
        watch.Start();
        var clock = Stopwatch.StartNew();
        await using var thread = await ModelThread.StartAsync(
            () => TransformerModel.Load(folder, isStreamed: isStreamed), Environment.ProcessorCount);
        var head = await thread.LookAsync(model => model.Head);
        TokenSequence[][] rows = [.. Enumerable.Range(0, Rows).Select(i =>
            new[] { new TokenSequence($"{i}", [.. Enumerable.Range(i, RowTokens).Select(token => token % Vocabulary)]) })];
        var batches = BatchPlan.Of(rows, BatchTokens, sharing: null).Batches;
        await ScoreAsync();
        var first = clock.Elapsed.TotalSeconds;
        clock.Restart();
        await ScoreAsync();
        var second = clock.Elapsed.TotalSeconds;
        Volatile.Write(ref stop, true);
        watch.Join();
        Console.Write(string.Create(CultureInfo.InvariantCulture, $"{first:F1} | {second:F1} | {(most - before) / 1e6:N0} MB"));
        return 0;

        async Task ScoreAsync()
        {
            if (isStreamed)
            {
                _ = await thread.ComputeAsync(batches, kept: null, head);
                return;
            }

            foreach (var batch in batches)
                _ = await thread.ComputeAsync([batch], kept: null, head);
        }
    }

    // The limit is one of private writable memory; .NET's reserved addresses do not count.
    private static string Child(string folder, bool isStreamed, long? limit)
    {
        var library = typeof(MeasureLayerMajor).Assembly.Location;
        var bound = limit is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"ulimit -d {bytes / 1024}; ") : "";
        var script = $"{bound}dotnet \"$@\" 2>/dev/null || echo 'memory does not hold it | |'";
        return CompareRead.Output("sh", ["-c", script, "sh", library, MeasureVerb, folder, $"{isStreamed}"]).Trim();
    }
}
