using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Torch;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Sequences;
using TorchSharp;

namespace Tiebreak.Benchmarks;

/// <summary>
/// Packed weights: how fast they are unpacked, by this program's kernels and by libtorch's operators; and what a model of Llama 3.2 1B's
/// shape takes in memory in each format, each in a process of its own.
/// </summary>
internal static class MeasurePacked
{
    public const string MeasureVerb = "measure-packed-one";

    private const int Tokens = 256;

    private static readonly JsonObject Llama1B = new()
    {
        ["vocab_size"] = 128_256,
        ["hidden_size"] = 2048,
        ["intermediate_size"] = 8192,
        ["num_hidden_layers"] = 16,
        ["num_attention_heads"] = 32,
        ["num_key_value_heads"] = 8,
        ["max_position_embeddings"] = 131_072,
    };

    private static readonly (string Name, QuantizationFormat? Format, bool Flag)[] Formats =
    [
        ("plain bfloat16", null, false), ("AWQ, groups of 128", QuantizationFormat.Awq, false),
        ("GPTQ, groups of 128", QuantizationFormat.Gptq, false),
        ("GPTQ, act-order", QuantizationFormat.Gptq, true), ("nf4", QuantizationFormat.Nf4, false),
        ("nf4, double quantisation", QuantizationFormat.Nf4, true), ("int8", QuantizationFormat.Int8, false),
    ];

    /// <summary>Writes a random Llama of the sizes in a JSON text.</summary>
    public static int Write(string folder, string sizes)
    {
        RandomLlama.Write(folder, JsonNode.Parse(sizes)!.AsObject());
        return 0;
    }

    public static int Run()
    {
        TorchRuntime.Start();
        Console.WriteLine("| format | to float32, kernels | to float32, libtorch's operators | to bfloat16 |\n|---|---|---|---|");
        foreach (var (name, format, flag) in Formats.Where(row => row.Format is not null))
        {
            using var packed = RandomLlama.Random(format!.Value, 8192, 2048, flag, flag);
            var kernels = Rate(() => packed.Dequantize(torch.ScalarType.Float32, useKernels: true));
            var operators = Rate(() => packed.Dequantize(torch.ScalarType.Float32, useKernels: false));
            var rounded = Rate(() => packed.Dequantize(torch.ScalarType.BFloat16));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {kernels} | {operators} | {rounded} |"));
        }

        Console.WriteLine(
            "\n| format | compute | weights on disk | anonymous memory at most | load | 256 tokens |\n|---|---|---|---|---|---|");
        var folder = Directory.CreateTempSubdirectory("tiebreak-bench-").FullName;
        try
        {
            foreach (var (name, format, flag) in Formats)
            {
                RandomLlama.Write(folder, Llama1B, format, flag, flag);
                string[] computes =
                [
                    "float32",
                    .. Cpu.HasBFloat16 ? ["bfloat16"] : Array.Empty<string>(),
                    .. Cpu.HasInt8Products ? ["int8"] : Array.Empty<string>(),
                ];
                foreach (var compute in computes)
                    Console.WriteLine($"| {name} | {compute} | {Child(folder, compute)} |");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    /// <summary>One process: loads, computes twice, prints.</summary>
    public static int Measure(string folder, string compute)
    {
        TorchRuntime.Start();
        var before = Anonymous();
        var (most, stop) = (0L, false);
        var watch = new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                most = Math.Max(most, Anonymous());
                Thread.Sleep(2);
            }
        });
        watch.Start();
        var clock = Stopwatch.StartNew();
        using var model = TransformerModel.Load(
            folder, compute is "float32" || !Cpu.HasBFloat16 ? DType.Float32 : DType.BFloat16,
            compute: compute is "int8" ? LinearCompute.Int8 : LinearCompute.Float);
        var load = clock.Elapsed.TotalSeconds;
        TokenSequence[] rows = [new("a", [.. Enumerable.Range(0, Tokens)])];
        _ = model.Compute(rows);
        clock.Restart();
        _ = model.Compute(rows);
        var seconds = clock.Elapsed.TotalSeconds;
        Volatile.Write(ref stop, true);
        watch.Join();
        var disk = Directory.GetFiles(folder, "*.safetensors").Sum(file => new FileInfo(file).Length);
        Console.Write(string.Create(
            CultureInfo.InvariantCulture, $"{disk / 1e6:F0} MB | {(most - before) / 1e6:F0} MB | {load:F1} s | {seconds:F2} s"));
        return 0;
    }

    private static string Child(string folder, string compute) =>
        CompareRead.Output("dotnet", [typeof(MeasurePacked).Assembly.Location, MeasureVerb, folder, compute]);

    private static string Rate(Func<torch.Tensor> unpack)
    {
        const int runs = 15;
        var best = double.MaxValue;
        long count = 0;
        for (var run = 0; run < runs; run++)
        {
            var clock = Stopwatch.StartNew();
            using var tensor = unpack();
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
            count = tensor.numel();
        }

        return string.Create(CultureInfo.InvariantCulture, $"{count / best / 1e9:F2} G numbers/s");
    }

    /// <summary>Bytes of this process that no file backs.</summary>
    internal static long Anonymous()
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
