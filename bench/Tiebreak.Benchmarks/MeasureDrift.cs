using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;
using Tiebreak.Data;
using Tiebreak.Tokenization;
using Tiebreak.Tokenization.Budgets;
using Tiebreak.Tokenization.Formats;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Engine;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Families;
using Tiebreak.Transformers.Sequences;
using TorchSharp;

namespace Tiebreak.Benchmarks;

/// <summary>
/// What packing and rounding do to the preferences of a trained model: a small Llama is trained on some battles of a file, packed in every
/// format, and asked about the others.
/// </summary>
internal static class MeasureDrift
{
    private const int HeldOut = 200;
    private const int CalibrationRows = 32;
    private const int MaxTokens = 192;
    private const int Epochs = 3;
    private const int BatchRows = 16;
    private const double LearningRate = 5e-4;

    private static readonly (string Name, QuantizationOptions Options)[] Formats =
    [
        ("int8", new() { Format = QuantizationFormat.Int8 }),
        ("GPTQ, groups of 128", new() { Format = QuantizationFormat.Gptq }),
        ("GPTQ, act-order", new() { Format = QuantizationFormat.Gptq, ActOrder = true }),
        ("AWQ, groups of 128", new() { Format = QuantizationFormat.Awq }),
        ("nf4", new() { Format = QuantizationFormat.Nf4 }),
        ("nf4, double quantisation", new() { Format = QuantizationFormat.Nf4, DoubleQuantization = true }),
    ];

    public static async Task<int> RunAsync(string data, string tokenizerFile)
    {
        TorchRuntime.Start();
        torch.manual_seed(7);
        var tokenizer = TokenizerFile.Open(tokenizerFile);
        var battles = BattleSet.Load([data], new BattleReadOptions { Purpose = BattlePurpose.Train }).Battles
            .Where(battle => battle.Target is not null).ToArray();
        new SeededRandom(1).Shuffle<Battle>(battles);
        var fitter = new BattleFitter(tokenizer, BattleTemplate.ByName["sections"], BudgetStrategy.Rounds, MaxTokens);
        var rows =
            battles.Select(battle => (Sequence: new TokenSequence(battle.Id, fitter.Fit(battle).Ids), Label: Label(battle))).ToArray();
        var (heldOut, trained) = (rows[..HeldOut], rows[HeldOut..]);
        var folder = Directory.CreateTempSubdirectory("tiebreak-bench-").FullName;
        try
        {
            Train(trained, tokenizer, folder);
            TokenSequence[] calibration = [.. trained.Take(CalibrationRows)
                .Select(row => row.Sequence)], asked = [.. heldOut.Select(row => row.Sequence)];
            int[] labels = [.. heldOut.Select(row => row.Label)];
            var before = Logits(folder, DType.Float32, LinearCompute.Float);
            Console.WriteLine("| weights | megabytes | mean change of a probability | largest | other answer | KL divergence, "
                + $"nats | log loss on {HeldOut} held-out rows |\n|---|---|---|---|---|---|---|");
            Row("float32", folder, before);
            Row("computed in bfloat16", folder, Logits(folder, DType.BFloat16, LinearCompute.Float));
            Row("int8 activations (W8A8)", folder, Logits(folder, DType.Float32, LinearCompute.Int8));
            foreach (var (name, options) in Formats)
            {
                var packed = Path.Combine(folder, "packed");
                _ = await ModelQuantizer.RunAsync(folder, packed, options, options.NeedsCalibration ? calibration : []);
                Row(name, packed, Logits(packed, DType.Float32, LinearCompute.Float));
                Directory.Delete(packed, recursive: true);
            }

            return 0;

            IReadOnlyList<float[]> Logits(string path, DType type, LinearCompute compute)
            {
                using var model = TransformerModel.Load(path, type, compute: compute);
                return PreferenceDrift.Logits(model, asked);
            }

            void Row(string name, string path, IReadOnlyList<float[]> logits)
            {
                var drift = PreferenceDrift.Between(before, logits);
                var megabytes = Directory.GetFiles(path, "*.safetensors").Sum(file => new FileInfo(file).Length) / 1e6;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {name} | {megabytes:F1} | {drift.MeanChange:F5} | {drift.LargestChange:F4} | {drift.Flips:P1} | "
                        + $"{drift.Divergence:F6} | {Loss(logits, labels):F5} |"));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Train((TokenSequence Sequence, int Label)[] rows, Tokenizer tokenizer, string folder)
    {
        var json = new JsonObject
        {
            ["model_type"] = "llama",
            ["architectures"] = new JsonArray("LlamaForSequenceClassification"),
            ["torch_dtype"] = "float32",
            ["vocab_size"] = tokenizer.VocabularySize,
            ["hidden_size"] = 256,
            ["intermediate_size"] = 768,
            ["num_hidden_layers"] = 4,
            ["num_attention_heads"] = 8,
            ["num_key_value_heads"] = 8,
            ["max_position_embeddings"] = MaxTokens,
            ["rms_norm_eps"] = 1e-5,
            ["id2label"] = new JsonObject { ["0"] = "A", ["1"] = "B", ["2"] = "tie" },
        };
        File.WriteAllText(Path.Combine(folder, "config.json"), json.ToJsonString());
        var config = ModelConfig.Read(folder);
        using var generator = new torch.Generator(5);
        var weights = new TrainableWeights(generator);
        using var backbone = ModelFamilies.Of(config).CreateBackbone(config, weights);
        using var layers = new ResidentRunner(backbone);
        using var head = ModelFamilies.Of(config).CreateClassifier(config, weights);
#pragma warning disable RS0030 // Not the product: an exception costs a run.
        using var optimizer = torch.optim.AdamW(weights.Parameters.Values, LearningRate);
#pragma warning restore RS0030
        var random = new SeededRandom(2);
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            random.Shuffle<(TokenSequence, int)>(rows);
            var losses = new List<double>();
            foreach (var batch in rows.Chunk(BatchRows))
            {
                using var scope = torch.NewDisposeScope();
                var tokens = new PackedTokens([.. batch.Select(row => row.Sequence)]);
                var logits = head.Forward(layers.Forward(tokens, backbone.Pooling));
                var loss = torch.nn.functional.cross_entropy(logits, torch.tensor(batch.Select(row => (long)row.Label).ToArray()));
                optimizer.zero_grad();
                loss.backward();
                _ = optimizer.step();
                losses.Add(loss.item<float>());
            }

            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"epoch {epoch + 1}: loss {losses.Average():F4}"));
        }

        using var mode = torch.no_grad();
        SafetensorsWriter.Write(
            Path.Combine(folder, "model.safetensors"),
            weights.Parameters.ToDictionary(pair => pair.Key, pair => pair.Value.detach(), StringComparer.Ordinal));
    }

    private static int Label(Battle battle) => battle.Target is { A: >= 0.5 } ? 0 : battle.Target is { B: >= 0.5 } ? 1 : 2;

    private static double Loss(IReadOnlyList<float[]> logits, int[] labels)
    {
        var sum = 0.0;
        for (var i = 0; i < labels.Length; i++)
            sum += Math.Log(logits[i].Sum(logit => Math.Exp(logit - logits[i][labels[i]])));
        return sum / labels.Length;
    }
}
