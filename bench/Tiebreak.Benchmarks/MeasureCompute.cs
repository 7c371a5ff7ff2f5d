using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Tiebreak.Torch;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Planning;
using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Benchmarks;

/// <summary>
/// How fast a decoder of half a billion parameters computes rows of 512 and 2,048 tokens in float32, bfloat16 and int8 (W8A8), beside the
/// rate at which the machine multiplies matrices of that type; each in a process of its own, in one run.
/// </summary>
internal static class MeasureCompute
{
    public const string MeasureVerb = "measure-compute-one";

    private static readonly int[] Lengths = [512, 2048];

    public static int Run()
    {
        var folder = Directory.CreateTempSubdirectory("tiebreak-bench-").FullName;
        try
        {
            RandomLlama.Write(folder, RandomLlama.HalfBillion(vocabulary: 1000));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{CompareTable.Cpu()}, {Environment.ProcessorCount} cores, {Cpu.Capability}, {RuntimeInformation.FrameworkDescription}, "
                    + $"{DateTime.UtcNow:yyyy-MM-dd}."));
            Console.WriteLine("\n| compute | products alone, GFLOP/s | 512 tokens, tokens/s | of the products' rate | 2,048 tokens, "
                + "tokens/s | of the products' rate |\n|---|---|---|---|---|---|");
            foreach (var compute in new[] { "float32", "bfloat16", "int8" })
                Console.Write(CompareRead.Output("dotnet", [typeof(MeasureCompute).Assembly.Location, MeasureVerb, folder, compute]));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Loads a model as it is measured under a name: float32, bfloat16 or int8.</summary>
    public static TransformerModel Load(string folder, string name)
    {
        var (type, compute) = TypeOf(name);
        return TransformerModel.Load(folder, type, compute: compute);
    }

    /// <summary>One process: loads, computes, prints a row.</summary>
    public static int Measure(string folder, string name)
    {
        TorchRuntime.Start();
        var (type, compute) = TypeOf(name);
        var cost = ModelCost.Of(folder, type, compute);
        using var model = Load(folder, name);
        var cells = new List<string>();
        var rate = 0.0;
        foreach (var length in Lengths)
        {
            TokenSequence[] rows = [new("a", [.. Enumerable.Range(0, length).Select(i => i % 1000)])];
            _ = model.Compute(rows);
            rate = Math.Max(rate, ProductRate.Measure(cost.Layer, type, compute, "cpu", TimeSpan.FromSeconds(1)));
            var clock = Stopwatch.StartNew();
            _ = model.Compute(rows);
            var seconds = clock.Elapsed.TotalSeconds;
            clock.Restart();
            _ = model.Compute(rows);
            seconds = Math.Min(seconds, clock.Elapsed.TotalSeconds);
            cells.Add(string.Create(
                CultureInfo.InvariantCulture, $"{length / seconds:F0} | {cost.OperationsOf(length) / seconds / rate:P0}"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {rate / 1e9:F0} | {string.Join(" | ", cells)} |"));
        return 0;
    }

    private static (DType Type, LinearCompute Compute) TypeOf(string name) => (
        name is "float32" || !Cpu.HasBFloat16 ? DType.Float32 : DType.BFloat16,
        name is "int8" ? LinearCompute.Int8 : LinearCompute.Float);
}
