using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using LLama;
using LLama.Common;
using LLama.Native;
using Tiebreak.Torch;

namespace Tiebreak.Benchmarks;

/// <summary>
/// How fast llama.cpp (by LLamaSharp) reads 512 and 2,048 tokens with a Llama of half a billion parameters in linear layers, beside
/// Tiebreak with one of the same shape; each side and format in a process of its own, in one run. Two threads each.
/// </summary>
internal static class CompareLlama
{
    public const string MeasureVerb = "compare-llama-one";

    private const int Threads = 2;
    private const int Rounds = 3;
    private const int Vocabulary = 1000;

    private static readonly int[] Lengths = [512, 2048];

    public static int Run()
    {
        var folder = Directory.CreateTempSubdirectory("tiebreak-bench-").FullName;
        try
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{CompareTable.Cpu()}, {Environment.ProcessorCount} cores, {Cpu.Capability}, {RuntimeInformation.FrameworkDescription}, "
                    + $"{DateTime.UtcNow:yyyy-MM-dd}. The version of LLamaSharp stands in Directory.Packages.props."));
            Console.WriteLine("\n| | 512 tokens, tokens/s | 2,048 tokens, tokens/s |\n|---|---|---|");
            foreach (var format in GgufLlama.Formats)
            {
                var file = Path.Combine(folder, $"{format}.gguf");
                GgufLlama.Write(file, format);
                Console.Write(CompareRead.Output("dotnet", [typeof(CompareLlama).Assembly.Location, MeasureVerb, file, format]));
                File.Delete(file);
            }

            RandomLlama.Write(folder, RandomLlama.HalfBillion(Vocabulary));
            foreach (var compute in new[] { "float32", "bfloat16", "int8" })
                Console.Write(CompareRead.Output("dotnet", [typeof(CompareLlama).Assembly.Location, MeasureVerb, folder, compute]));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>One process: loads a file for llama.cpp, or a folder for Tiebreak, and prints a row.</summary>
    public static int Measure(string path, string format)
    {
        var isLlama = File.Exists(path);
        using var model = isLlama ? null : MeasureCompute.Load(path, format);
        using var llama = isLlama ? new LlamaReader(path) : null;
        var cells = new List<string>();
        foreach (var length in Lengths)
        {
            int[] tokens = [.. Enumerable.Range(0, length).Select(i => i % Vocabulary)];
            var best = double.MaxValue;
            for (var round = 0; round <= Rounds; round++)
            {
                var clock = Stopwatch.StartNew();
                if (llama is not null)
                    llama.Read(tokens);
                else
                    _ = model!.Compute([new("a", tokens)]);
                if (round > 0) // the first one warms up
                    best = Math.Min(best, clock.Elapsed.TotalSeconds);
            }

            cells.Add(string.Create(CultureInfo.InvariantCulture, $"{length / best:F0}"));
        }

        Console.WriteLine($"| {(isLlama ? "llama.cpp" : "Tiebreak")} {format} | {string.Join(" | ", cells)} |");
        return 0;
    }

    private sealed class LlamaReader : IDisposable
    {
        private readonly LLamaWeights _weights;
        private readonly LLamaContext _context;

        public LlamaReader(string file)
        {
            NativeLogConfig.llama_log_set((_, _) => { });
            var parameters = new ModelParams(file)
            {
                ContextSize = (uint)Lengths[^1],
                BatchSize = (uint)Lengths[^1],
                Threads = Threads,
                BatchThreads = Threads,
                GpuLayerCount = 0,
            };
            _weights = LLamaWeights.LoadFromFile(parameters);
            _context = _weights.CreateContext(parameters);
        }

        /// <summary>Reads a text from its beginning, and computes what would follow.</summary>
        public void Read(int[] tokens)
        {
            _context.NativeHandle.MemoryClear();
            var batch = new LLamaBatch();
            for (var i = 0; i < tokens.Length; i++)
                _ = batch.Add(tokens[i], i, LLamaSeqId.Zero, logits: i == tokens.Length - 1);
            if (_context.Decode(batch) is var result and not DecodeResult.Ok)
                throw new InvalidOperationException($"llama.cpp answers {result}.");
            _context.NativeHandle.Synchronize();
        }

        public void Dispose()
        {
            _context.Dispose();
            _weights.Dispose();
        }
    }
}
