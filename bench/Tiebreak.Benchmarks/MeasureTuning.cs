using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Import;

namespace Tiebreak.Benchmarks;

/// <summary>
/// What a step of a training takes, on real battles: a decoder of half a billion parameters with an adapter on all linear layers, and
/// MiniLM with all its weights; each case in a process of its own, beside the rate of matrix products in that process and what
/// <c>plan --train</c> says.
/// </summary>
internal static class MeasureTuning
{
    private const string Tokenizer = "minilm"; // of the decoder as well, whose weights are random

    private static readonly int[] PackedLengths = [320, 512, 1024, 2048];

    /// <param name="file">Labelled battles.</param>
    /// <param name="chosen">The only cases to measure, by a part of their names; none: all.</param>
    public static int Run(string file, IReadOnlyList<string> chosen)
    {
        var folder = Directory.CreateTempSubdirectory("tiebreak-bench-").FullName;
        try
        {
            var (plain, packed) = (Path.Combine(folder, "plain"), Path.Combine(folder, "nf4"));
            WriteDecoder(plain, format: null);
            WriteDecoder(packed, QuantizationFormat.Nf4);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{CompareTable.Cpu()}, {Environment.ProcessorCount} cores, {Torch.Cpu.Capability}, "
                    + $"{RuntimeInformation.FrameworkDescription}, {DateTime.UtcNow:yyyy-MM-dd}.\n"));
            Console.WriteLine(
                "| step | tokens | seconds | tokens/s | products alone, GFLOP/s | share of it | planned seconds | memory, MB "
                + "| planned MB |\n|---|---|---|---|---|---|---|---|---|");
            string[] decoder = ["decoder-lora", "max_tokens=512", "tuning.batch_size=4"];
            Case[] cases =
            [
                new("decoder, LoRA, bfloat16", [.. decoder, $"model={plain}", "tuning.gradient_checkpointing=false"]),
                new("decoder, LoRA, bfloat16, without dropout",
                    [.. decoder, $"model={plain}", "tuning.gradient_checkpointing=false", "tuning.lora.dropout=0"]),
                new("decoder, LoRA, bfloat16, with checkpoints", [.. decoder, $"model={plain}"]),
                new("decoder, LoRA over nf4, bfloat16", [.. decoder, $"model={packed}", "tuning.gradient_checkpointing=false"]),
                new("MiniLM, all weights, float32", ["minilm"]),
                new("MiniLM, all weights, bfloat16", ["minilm", "dtype=bfloat16"]),
                new("MiniLM, all weights, float32, without dropout", ["minilm", "tuning.dropout=0"]),
                new("MiniLM, all weights, bfloat16, without dropout", ["minilm", "dtype=bfloat16", "tuning.dropout=0"]),
            ];
            foreach (var (name, arguments) in cases.Where(step => chosen.Count == 0 || chosen.Any(step.Name.Contains)))
                Console.WriteLine(Row(name, Measured(TuningStep.Verb, [file, .. arguments])));
            if (chosen.Count == 0 || chosen.Contains("pairs", StringComparer.Ordinal))
            {
                string[] resident = ["tuning.gradient_checkpointing=false"];
                PrintPair("checkpoints", file, decoder, [$"model={plain}", .. resident], [$"model={plain}"]);
                PrintPair("nf4", file, decoder, [$"model={plain}", .. resident], [$"model={packed}", .. resident]);
            }

            if (chosen.Count == 0 || chosen.Contains("packing", StringComparer.Ordinal))
                PrintPacking(file);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void PrintPair(string name, string file, string[] recipe, string[] without, string[] with)
    {
        var times = Measured(TuningStep.PairVerb, [file, .. recipe, TuningStep.Of, .. without, TuningStep.Of, .. with]);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\nSteps of the decoder in bfloat16 without and with {name} in turn: {Number(times, "first"):F2} s and "
                + $"{Number(times, "second"):F2} s (medians), {Number(times, "second") / Number(times, "first"):F2} times as long; "
                + $"{Number(times, "second_processor") / Number(times, "first_processor"):F2} times the processor's time."));
    }

    private static void PrintPacking(string file)
    {
        Console.WriteLine(
            "\n| most tokens | tokens of the battles | with padding to the longest of 16 | times as many |\n|---|---|---|---|");
        foreach (var length in PackedLengths)
        {
            var (packed, padded) = TuningStep.Tokens(file, length);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {length:N0} | {packed:N0} | {padded:N0} | {padded / (double)packed:F2} |"));
        }

        var times = Measured(TuningStep.PaddingVerb, [file, "minilm", "max_tokens=512", "tuning.dropout=0"]);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\nMiniLM, 512 tokens, float32, without dropout, four steps: {Number(times, "packed"):F2} s packed, "
                + $"{Number(times, "padded"):F2} s padded."));
    }

    private static string Row(string name, JsonNode step)
    {
        var seconds = Number(step, "seconds");
        var share = step["operations"] is { } operations ? $"{(double)operations / seconds / Number(step, "rate"):P0}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {Number(step, "tokens"):N0} | {seconds:F2} | {Number(step, "tokens") / seconds:F0} "
                + $"| {Number(step, "rate") / 1e9:F0} | {share} | {Number(step, "planned_seconds"):F2} | {Number(step, "memory") / 1e6:N0} "
                + $"| {Number(step, "planned_memory") / 1e6:N0} |");
    }

    private static double Number(JsonNode step, string key) => (double)step[key]!;

    private static JsonNode Measured(string verb, string[] arguments) =>
        JsonNode.Parse(CompareRead.Output("dotnet", [typeof(MeasureTuning).Assembly.Location, verb, .. arguments]))!;

    private static void WriteDecoder(string folder, QuantizationFormat? format)
    {
        var tokenizer = ModelFolder.Of(Tokenizer);
        using var config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(tokenizer, "config.json")));
        var vocabulary = config.RootElement.GetProperty("vocab_size").GetInt32();
        RandomLlama.Write(folder, RandomLlama.HalfBillion(vocabulary), format, doubleQuantization: format is not null);
        foreach (var file in Directory.GetFiles(tokenizer).Where(file => CheckpointFiles.IsTokenizer(Path.GetFileName(file))))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
    }

    private sealed record Case(string Name, string[] Arguments);
}
