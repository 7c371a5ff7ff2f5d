using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Tiebreak.Data;
using Tiebreak.Tokenization.Budgets;
using Tiebreak.Torch;
using Tiebreak.Transformers.Adapters;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Planning;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Training;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Benchmarks;

/// <summary>
/// What a step of training takes: a decoder of half a billion parameters with an adapter on all linear layers, plain, in nf4 and with
/// layers that are computed again, beside the rate at which the machine multiplies matrices; MiniLM's shape beside a plain loop of
/// TorchSharp's modules; and what packing saves on the lengths of real battles. Each side runs in a process of its own.
/// </summary>
internal static class MeasureTuning
{
    public const string DecoderVerb = "measure-tuning-decoder";
    public const string EncoderVerb = "measure-tuning-encoder";

    private const int Rounds = 2;
    private const int DecoderRows = 1;
    private const int DecoderTokens = 512;
    private const int EncoderRows = 16;
    private const int EncoderTokens = 320;

    public static int Run(string battles, string tokenizer)
    {
        var folder = Directory.CreateTempSubdirectory("tiebreak-bench-").FullName;
        try
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{CompareTable.Cpu()}, {Environment.ProcessorCount} cores, {Cpu.Capability}, {RuntimeInformation.FrameworkDescription}, "
                    + $"libtorch {TorchRuntime.Start().Version}, {DateTime.UtcNow:yyyy-MM-dd}."));
            var (plain, nf4) = (Path.Combine(folder, "plain"), Path.Combine(folder, "nf4"));
            RandomLlama.Write(plain, RandomLlama.HalfBillion(vocabulary: 1000));
            RandomLlama.Write(nf4, RandomLlama.HalfBillion(vocabulary: 1000), QuantizationFormat.Nf4);
            Console.WriteLine("\n| base | type | layers again | products alone, GFLOP/s | a step, s | tokens/s | of the products' rate |\n"
                + "|---|---|---|---|---|---|---|");
            foreach (var type in Cpu.HasBFloat16 ? new[] { "float32", "bfloat16" } : ["float32"])
            {
                foreach (var (name, place, again) in new[] { ("plain", plain, "no"), ("nf4", nf4, "no"), ("plain", plain, "yes") })
                    Console.Write(Process(DecoderVerb, name, place, type, again));
            }

            Console.WriteLine("\n| MiniLM's shape, 16 x 320 tokens | a step, s |\n|---|---|");
            foreach (var side in new[] { "plain loop", "Tiebreak" })
                Console.Write(Process(EncoderVerb, side));
            Pack(battles, tokenizer);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>One process: steps of a decoder with an adapter.</summary>
    public static int Decoder(string name, string folder, string typeName, string again)
    {
        TorchRuntime.Start();
        var type = DTypes.OfModelNamed(typeName)!.Value;
        var cost = ModelCost.Of(folder, type);
        using var gradients = set_grad_enabled(true);
        using var model = TrainableModel.Create(
            ModelFiles.OpenForTraining(folder, adapter: null, HeadKind.Classifier, outputs: 3),
            new TrainableModelOptions { Type = type, NewAdapter = Adapter(), IsCheckpointed = again is "yes" });
        var (rows, rate, seconds) = (Rows(DecoderRows, DecoderTokens, 1000), 0.0, double.MaxValue);
        using var optimiser = Optimiser(model);
        Step(model, optimiser, rows);
        for (var round = 0; round < Rounds; round++)
        {
            rate = Math.Max(rate, ProductRate.Measure(cost.Layer, type, Transformers.LinearCompute.Float, "cpu", TimeSpan.FromSeconds(1)));
            seconds = Math.Min(seconds, Seconds(() => Step(model, optimiser, rows)));
        }

        // Forward, and backward through weights that stay as they are; what is computed again is no use.
        var operations = 2 * DecoderRows * cost.OperationsOf(DecoderTokens);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {typeName} | {again} | {rate / 1e9:F0} | {seconds:F2} | {DecoderRows * DecoderTokens / seconds:F0} | "
                + $"{operations / seconds / rate:P0} |"));
        return 0;
    }

    /// <summary>One process: steps of an encoder of MiniLM's shape.</summary>
    public static int Encoder(string side)
    {
        TorchRuntime.Start();
        using var gradients = set_grad_enabled(true);
        var rows = Rows(EncoderRows, EncoderTokens, RandomMiniLm.Vocabulary);
        var seconds = side is "Tiebreak" ? OfEngine() : OfPlainLoop();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {side} | {seconds:F2} |"));
        return 0;

        double OfEngine()
        {
            var folder = Directory.CreateTempSubdirectory("tiebreak-bench-").FullName;
            try
            {
                RandomMiniLm.Write(folder);
                using var model = TrainableModel.Create(
                    ModelFiles.OpenForTraining(folder, adapter: null, HeadKind.Classifier, outputs: 3));
                using var optimiser = Optimiser(model);
                return Best(() => Step(model, optimiser, rows));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        double OfPlainLoop()
        {
            using var model = new PlainEncoder();
            using var optimiser = optim.AdamW(model.parameters(), lr: 1e-5);
            var ids = tensor([.. rows.SelectMany(row => row.Tokens).Select(token => (long)token)], [EncoderRows, EncoderTokens]);
            return Best(() =>
            {
                using var scope = NewDisposeScope();
                optimiser.zero_grad();
                nn.functional.cross_entropy(model.forward(ids), zeros(EncoderRows, ScalarType.Int64)).backward();
                _ = optimiser.step();
            });
        }
    }

    // Batches as they come, each padded to its longest row, against the tokens that are there.
    private static void Pack(string battles, string tokenizer)
    {
        Console.WriteLine("\n| most tokens | battles | tokens | with padding, 16 a batch as they come | more |\n|---|---|---|---|---|");
        var set = BattleSet.Load([battles], new BattleReadOptions()).Battles;
        var template = BattleTemplate.ByName["encoder"];
        var opened = Tokenization.Formats.TokenizerFile.Open(tokenizer);
        foreach (var most in new[] { 320, 512, 1024, 2048 })
        {
            var sequences = new BattleSequences(new BattleFitter(opened, template, BudgetStrategy.Rounds, most), readsApart: false);
            int[] lengths = [.. set.Select(battle => sequences.Of(battle)[0].Tokens.Count)];
            var padded = lengths.Chunk(EncoderRows).Sum(batch => (long)batch.Length * batch.Max());
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {most} | {lengths.Length} | {lengths.Sum()} | {padded} | {(padded / (double)lengths.Sum()) - 1:P0} |"));
        }
    }

    private static void Step(TrainableModel model, AdamW optimiser, TokenSequence[] rows)
    {
        using var scope = NewDisposeScope();
        model.Dropout.Seed = 1;
        nn.functional.cross_entropy(model.Outputs(rows), zeros(rows.Length, ScalarType.Int64)).backward();
        optimiser.Accumulate();
        optimiser.Step();
    }

    private static AdamW Optimiser(TrainableModel model) =>
        new([new ParameterGroup([.. model.Parameters.Tensors.Values], 1e-5, 0.01)], new AdamWOptions());

    private static AdapterConfig Adapter() => AdapterConfig.Of(ModelConfig.Parse(
        Encoding.UTF8.GetBytes(new JsonObject
        {
            ["peft_type"] = "LORA",
            ["task_type"] = "SEQ_CLS",
            ["r"] = 16,
            ["lora_alpha"] = 32,
            ["lora_dropout"] = 0.05,
            ["target_modules"] = "all-linear",
            ["modules_to_save"] = new JsonArray("score"),
        }.ToJsonString()),
        "adapter"));

    private static TokenSequence[] Rows(int count, int tokens, int vocabulary) =>
    [
        .. Enumerable.Range(0, count).Select(row => new TokenSequence(
            row.ToString(CultureInfo.InvariantCulture),
            [.. Enumerable.Range(0, tokens).Select(i => ((row * 7919) + (i * 31)) % vocabulary)])),
    ];

    // The first step compiles, and asks for memory.
    private static double Best(Action step)
    {
        step();
        return Enumerable.Range(0, Rounds).Min(_ => Seconds(step));
    }

    private static double Seconds(Action work)
    {
        var clock = Stopwatch.StartNew();
        work();
        return clock.Elapsed.TotalSeconds;
    }

    private static string Process(params string[] arguments) =>
        CompareRead.Output("dotnet", [typeof(MeasureTuning).Assembly.Location, .. arguments]);
}
