using System.Diagnostics;
using System.Globalization;
using Tiebreak.Torch;
using Tiebreak.Torch.Operators;
using static TorchSharp.torch;

namespace Tiebreak.Benchmarks;

/// <summary>
/// Whether a row of libtorch's operators has the same bits whatever number of rows is computed with it, and what it costs to compute
/// rows in blocks of a fixed size: the facts on which invariant scoring stands.
/// </summary>
internal static class MeasureRows
{
    private const int Most = 1200;

    private static readonly int[] Counts =
    [
        1, 2, 3, 4, 5, 7, 8, 11, 16, 17, 31, 32, 33, 48, 63, 64, 65, 96, 127, 128, 129, 192, 255, 256, 257, 300, 384, 511, 512, 513, 768,
        1000, 1024,
    ];

    private static readonly int[] Blocks = [64, 128, 192, 256, 384, 512];

    public static int Run()
    {
        TorchRuntime.Start();
        Console.WriteLine($"{CompareTable.Cpu()}, {get_num_threads()} threads, {Cpu.Capability}, {DateTime.UtcNow:yyyy-MM-dd}.\n");
        Console.WriteLine("| operator | rows differ from those among 1,200 where so many are computed |\n|---|---|");
        using var mode = inference_mode();
        foreach (var type in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            foreach (var (inputs, outputs) in new[] { (64, 192), (384, 1536), (2048, 2048), (2048, 8192), (8192, 2048) })
            {
                using var scope = NewDisposeScope();
                var (rows, weight, bias) = (Random(type, Most, inputs), Random(type, outputs, inputs), Random(type, outputs));
                Tell($"linear {inputs} x {outputs}, {type}", rows, part => nn.functional.linear(part, weight));
                Tell($"linear with bias {inputs} x {outputs}, {type}", rows, part => nn.functional.linear(part, weight, bias));
            }

            using var inner = NewDisposeScope();
            var states = Random(type, Most, 2048);
            Tell($"softmax, {type}", states, part => part.softmax(-1, ScalarType.Float32));
            Tell($"mean of squares, {type}", states, part => part.Square().mean([-1L], keepdim: true));
            Tell($"silu, {type}", states, part => nn.functional.silu(part));
            Tell($"gelu, {type}", states, part => nn.functional.gelu(part));

            // Scores of 300 keys, and values mixed, as attention computes them: [heads, rows, dim] x [heads, dim, keys].
            var (keys, values) = (Random(type, 8, 64, 300), Random(type, 8, 300, 64));
            var queries = Random(type, Most, 8, 64);
            Tell($"scores, {type}", queries, part => part.transpose(0, 1).bmm(keys).transpose(0, 1));
            var shares = Random(type, Most, 8, 300).softmax(-1);
            Tell($"mixed values, {type}", shares, part => part.transpose(0, 1).bmm(values).transpose(0, 1));
        }

        using (NewDisposeScope())
        {
            var rows = randint(-100, 100, [Most, 2048], ScalarType.Int8);
            var weight = randint(-100, 100, [2048, 2048], ScalarType.Int8);
            Tell("product of int8", rows.narrow(0, 0, 64), part => TensorOperators.IntMatMul(part.contiguous(), weight));
        }

        Price();
        return 0;
    }

    private static void Tell(string name, Tensor rows, Func<Tensor, Tensor> compute)
    {
        using var scope = NewDisposeScope();
        var all = compute(rows);
        var total = rows.shape[0];
        var differing = Counts.Where(count => count < total && !AreAlike(0, count)).ToList();

        // A block of 128 rows is computed in other company, and at another place in it.
        var elsewhere = total < 256 || AreAlike(100, 128) ? "" : "; at another place too";
        Console.WriteLine($"| {name} | {(differing.Count == 0 ? "never" : string.Join(", ", differing))}{elsewhere} |");

        bool AreAlike(long start, long count) =>
            compute(rows.narrow(0, start, count)).equal(all.narrow(0, start, count)).all().item<bool>();
    }

    private static void Price()
    {
        Console.WriteLine("\n| linear 2048 x 8192, float32, 4,096 rows | share of the rate in one piece |\n|---|---|");
        using var scope = NewDisposeScope();
        var (rows, weight) = (randn(4096, 2048), randn(8192, 2048));
        var best = Blocks.Append(4096).ToDictionary(block => block, _ => double.MaxValue);
        for (var round = 0; round < 3; round++)
        {
            foreach (var block in best.Keys.ToList())
            {
                using var inner = NewDisposeScope();
                var clock = Stopwatch.StartNew();
                Tensor[] parts = [.. rows.split(block).Select(part => nn.functional.linear(part, weight))];
                _ = parts.Length == 1 ? parts[0] : cat(parts);
                best[block] = Math.Min(best[block], clock.Elapsed.TotalSeconds);
            }
        }

        foreach (var (block, seconds) in best)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| blocks of {block} | {best[4096] / seconds:P0} |"));
    }

    private static Tensor Random(ScalarType type, params long[] shape)
    {
        manual_seed(5);
        return randn(shape).to(type);
    }
}
