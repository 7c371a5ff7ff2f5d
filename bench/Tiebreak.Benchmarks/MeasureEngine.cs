using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Tiebreak.Torch;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Planning;
using TorchSharp;

namespace Tiebreak.Benchmarks;

/// <summary>
/// Where the time of one decoder layer goes (hidden size 2,048, 8,192 in the feed-forward part, 32 and 8 heads), in float32, bfloat16 and
/// W8A8, each in a process of its own: parts in milliseconds of one thread's processor time, and the share of the rate of matrix products
/// of the same process.
/// </summary>
internal static class MeasureEngine
{
    public const string MeasureVerb = "measure-engine-one";

    private const int Long = 2048;

    private static readonly int[] Lengths = [512, Long];

    // As many tokens as eight rows of 512.
    private static readonly int[] Mixed = [61, 128, 203, 310, 447, 590, 905, 1452];

    private static readonly TimeSpan TimeOfPart = TimeSpan.FromSeconds(1);

    public static int Run()
    {
        var folder = Directory.CreateTempSubdirectory("tiebreak-bench-").FullName;
        try
        {
            JsonObject sizes = RandomLlama.HalfBillion(vocabulary: 1000);
            sizes["num_hidden_layers"] = 1;
            RandomLlama.Write(folder, sizes);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{CompareTable.Cpu()}, {Environment.ProcessorCount} cores, {Cpu.Capability}, {RuntimeInformation.FrameworkDescription}, "
                    + $"{DateTime.UtcNow:yyyy-MM-dd}."));
            foreach (var compute in new[] { "float32", "bfloat16", "int8" })
                Console.Write(CompareRead.Output("dotnet", [typeof(MeasureEngine).Assembly.Location, MeasureVerb, folder, compute]));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>One process: opens the layer, times it and its parts, prints two tables.</summary>
    public static int Measure(string folder, string name)
    {
        TorchRuntime.Start(threads: 1);
        using var mode = torch.inference_mode();
        var compute = name is "int8" ? LinearCompute.Int8 : LinearCompute.Float;
        var type = name is "bfloat16" || (name is "int8" && Cpu.HasBFloat16) ? DType.BFloat16 : DType.Float32;
        var shape = ModelCost.Of(folder, type, compute).Layer;
        var rate = Rate();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\n## {(compute is LinearCompute.Int8 ? $"W8A8, the rest in {type.ToString().ToLowerInvariant()}" : name)}\n\n"
                + $"Products alone: {rate / 1e9:F0} GFLOP/s on one thread.\n"));
        var warnings = SlowArithmetic.Warnings("cpu", type, compute).ToList();
        if (warnings.Count > 0)
        {
            Console.WriteLine($"Not measured further; Tiebreak says: {string.Join(' ', warnings)}");
            return 0;
        }

        using var parts = new DecoderLayerParts(folder, type, compute);
        var times = new List<IReadOnlyList<LayerPart>>();
        foreach (var length in Lengths)
        {
            times.Add(parts.Time([length], TimeOfPart));
            rate = Math.Max(rate, Rate());
        }

        Console.WriteLine("| part | 512 tokens, ms | share | 2,048 tokens, ms | share |\n|---|---|---|---|---|");
        for (var i = 0; i < times[0].Count; i++)
            Console.WriteLine($"| {times[0][i].Name} | {string.Join(" | ", times.Select(parts => Cells(parts[i], parts[0])))} |");

        for (var i = 0; i < Lengths.Length; i++)
        {
            var (layer, length) = (times[i][0].Time.TotalSeconds, Lengths[i]);
            var linears = parts.OperationsOf(length) / rate;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{(i == 0 ? "\n" : "")}{length} tokens: {linears / layer:P0} of the rate of products ({rate / 1e9:F0} GFLOP/s); "
                    + $"attention takes {Part(times[i], "attention") / Linears(times[i]):P1} of the time of the linear layers."));
        }

        PrintMixed(parts);
        return 0;

        double Rate() => ProductRate.Measure(shape, type, compute, "cpu", TimeOfPart, DecoderLayerParts.ProcessorTime);
    }

    private static void PrintMixed(DecoderLayerParts parts)
    {
        var equal = Enumerable.Repeat(Mixed.Sum() / Mixed.Length, Mixed.Length).ToArray();
        double best = double.MaxValue, bestMixed = double.MaxValue;
        for (var round = 0; round < 2; round++)
        {
            best = Math.Min(best, parts.TimeLayer(equal, TimeSpan.Zero).TotalSeconds);
            bestMixed = Math.Min(bestMixed, parts.TimeLayer(Mixed, TimeSpan.Zero).TotalSeconds);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Mixed.Sum()} tokens in sequences of {Mixed[0]} to {Mixed[^1]}: {bestMixed / best:F2} times as long as in equal ones."));
    }

    private static string Cells(LayerPart part, LayerPart layer) => string.Create(
        CultureInfo.InvariantCulture, $"{part.Time.TotalMilliseconds:F1} | {part.Time / layer.Time:P1}");

    private static double Part(IReadOnlyList<LayerPart> parts, string name) =>
        parts.Single(part => string.Equals(part.Name, name, StringComparison.Ordinal)).Time.TotalSeconds;

    private static double Linears(IReadOnlyList<LayerPart> parts) =>
        parts.Where(part => part.IsLinear).Sum(part => part.Time.TotalSeconds);
}
