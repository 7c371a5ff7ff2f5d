using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Core.Randomness;
using Tiebreak.Torch;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Planning;
using Tiebreak.Transformers.Sequences;
using TorchSharp;

namespace Tiebreak.Benchmarks;

/// <summary>
/// How fast a CUDA device scores with the shape of Gemma 2 9B and random weights, in bfloat16, float16 and 4 bits: battles a second at
/// mixed lengths, the share of the device's own rate of matrix products, and the time of 25,000 battles. The vocabulary is cut to 1,000
/// words, which changes nothing of what a classifier computes.
/// </summary>
internal static class MeasureCard
{
    /// <summary>Layers of Gemma 2 9B.</summary>
    public const int Layers = 42;

    private const int Vocabulary = 1000;
    private const int Rows = 96;
    private const int MostTokens = 2048;
    private const int BatchTokens = 16_384;
    private const int TestRows = 25_000; // of the competition

    private static readonly (string Name, DType Type, QuantizationFormat? Format)[] Ways =
    [
        ("bfloat16", DType.BFloat16, null), ("float16", DType.Float16, null), ("nf4, bfloat16", DType.BFloat16, QuantizationFormat.Nf4),
    ];

    /// <summary>Measures.</summary>
    /// <param name="device">The device; the CPU only to try the program with few layers.</param>
    /// <param name="layers">Layers of the model.</param>
    public static async Task<int> RunAsync(string device, int layers)
    {
        TorchRuntime.Start();
        if (device is not "cpu" && !torch.cuda.is_available())
        {
            Console.WriteLine("Nothing to measure: there is no CUDA device here, or this was built without -p:TorchBackend=cuda.");
            return 0;
        }

        Console.WriteLine($"{device}, Gemma 2 9B's shape, {layers} layers, {Rows} battles of 100 to {MostTokens:N0} tokens, "
            + $"{DateTime.UtcNow:yyyy-MM-dd}.\n");
        Console.WriteLine(
            $"| weights | products alone, TFLOP/s | battles/s | of that rate | {TestRows:N0} battles |\n|---|---|---|---|---|");
        foreach (var (name, type, format) in Ways)
        {
            var folder = Directory.CreateTempSubdirectory("tiebreak-bench-").FullName;
            try
            {
                RandomLlama.Write(folder, Gemma(layers), format);
                Console.WriteLine($"| {name} | {await MeasureAsync(folder, type, device)} |");
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return 0;
    }

    private static JsonObject Gemma(int layers) => new()
    {
        ["model_type"] = "gemma2",
        ["vocab_size"] = Vocabulary,
        ["hidden_size"] = 3584,
        ["intermediate_size"] = 14_336,
        ["num_hidden_layers"] = layers,
        ["num_attention_heads"] = 16,
        ["num_key_value_heads"] = 8,
        ["head_dim"] = 256,
        ["query_pre_attn_scalar"] = 256,
        ["sliding_window"] = 4096,
        ["attn_logit_softcapping"] = 50.0,
        ["final_logit_softcapping"] = 30.0,
        ["max_position_embeddings"] = 8192,
    };

    private static async Task<string> MeasureAsync(string folder, DType type, string device)
    {
        var cost = ModelCost.Of(folder, type);
        var random = new SeededRandom(3);
        TokenSequence[][] rows = [.. Enumerable.Range(0, Rows).Select(i =>
        {
            // Many short ones and a few long ones, as battles are.
            var share = random.NextDouble();
            var tokens = new int[100 + (int)(share * share * (MostTokens - 100))];
            for (var j = 0; j < tokens.Length; j++)
                tokens[j] = random.Next(Vocabulary);
            return new[] { new TokenSequence($"{i}", tokens) };
        })];
        var plan = BatchPlan.Of(rows, BatchTokens, sharing: null);
        await using var thread = await ModelThread.StartAsync(
            () => TransformerModel.Load(folder, type, device), Environment.ProcessorCount);
        var head = await thread.LookAsync(model => model.Head);
        _ = await thread.ComputeAsync([plan.Batches[^1]], kept: null, head);
        var rate = await thread.LookAsync(
            _ => ProductRate.Measure(cost.Layer, type, LinearCompute.Float, device, TimeSpan.FromSeconds(2)));
        var clock = Stopwatch.StartNew();
        foreach (var batch in plan.Batches)
            _ = await thread.ComputeAsync([batch], kept: null, head);
        var seconds = clock.Elapsed.TotalSeconds;
        var operations = rows.Sum(row => cost.OperationsOf(row[0].Tokens.Count));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{rate / 1e12:F1} | {Rows / seconds:F2} | {operations / seconds / rate:P0} | {TestRows * seconds / Rows / 60:F0} min");
    }
}
