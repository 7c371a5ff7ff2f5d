using System.Text;
using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Files;
using Tiebreak.Core.Randomness;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Heads;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Export;

/// <summary>
/// Writes a decoder of random weights that reads bytes, in the layout of Llama: to try in a minute, without a download, everything that is
/// done with a large one.
/// </summary>
internal static class TinyDecoder
{
    private const double Spread = 0.05; // of the weights; large models begin with 0.02

    private static readonly string[] SpecialTokens = ["<bos>", "<eos>", "<start_of_turn>", "<end_of_turn>", "<pad>", "<unk>"];

    private static readonly string Config =
        $$"""
        {
          "architectures": ["LlamaForCausalLM"],
          "model_type": "llama",
          "vocab_size": {{256 + SpecialTokens.Length}},
          "hidden_size": 64,
          "intermediate_size": 128,
          "num_hidden_layers": 2,
          "num_attention_heads": 4,
          "num_key_value_heads": 2,
          "max_position_embeddings": 4096,
          "rms_norm_eps": 1e-5,
          "rope_theta": 10000.0,
          "hidden_act": "silu",
          "tie_word_embeddings": true,
          "bos_token_id": 256,
          "eos_token_id": 257,
          "torch_dtype": "float32"
        }

        """;

    /// <summary>Writes the folder.</summary>
    /// <param name="folder">A new folder, or an empty one.</param>
    /// <param name="seed">The weights follow from it.</param>
    /// <returns>How many weights the model has.</returns>
    /// <exception cref="InputException">The folder holds something.</exception>
    /// <exception cref="TiebreakException">It cannot be written.</exception>
    public static async Task<long> WriteAsync(string folder, ulong seed)
    {
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
            throw new InputException($"{folder} holds something already. Name a new folder.") { Code = ErrorCodes.TargetExists };

        TorchRuntime.Start();
        var weights = 0L;
        await AtomicFolder.WriteAsync(folder, temporary =>
        {
            using var scope = NewDisposeScope();
            var random = new SeededRandom(seed);
            var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
            foreach (var (name, shape) in TransformerModel.TensorsOf(
                ModelConfig.Parse(Encoding.UTF8.GetBytes(Config), "config.json"), HeadKind.Generator))
            {
                var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
                var isNorm = name.EndsWith("norm.weight", StringComparison.Ordinal);
                for (var i = 0; i < values.Length; i++)
                    values[i] = isNorm ? 1 : (float)(Spread * Normal(ref random));
                tensors.Add(name, tensor(values, [.. shape]));
                weights += values.Length;
            }

            SafetensorsWriter.Write(Path.Combine(temporary, "model.safetensors"), tensors);
            File.WriteAllText(Path.Combine(temporary, "config.json"), Config);
            File.WriteAllText(Path.Combine(temporary, "tokenizer.json"), Tokenizer());
            return Task.CompletedTask;
        }).ConfigureAwait(false);
        return weights;
    }

    // Box and Muller 1958.
    private static double Normal(ref SeededRandom random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    // Byte-level BPE without merges: every byte is a token.
    private static string Tokenizer()
    {
        var vocabulary = new JsonObject();
        var other = 0;
        for (var value = 0; value < 256; value++)
        {
            // GPT-2's letters for bytes: printable ones stand for themselves, the others follow from U+0100 on.
            var isPrintable = value is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255);
            vocabulary[((char)(isPrintable ? value : 256 + other++)).ToString()] = value;
        }

        return new JsonObject
        {
            ["added_tokens"] = new JsonArray([.. SpecialTokens.Select((token, i) => new JsonObject
            {
                ["content"] = token, ["id"] = 256 + i, ["special"] = true, ["normalized"] = false,
            })]),
            ["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["use_regex"] = true },
            ["post_processor"] = new JsonObject
            {
                ["type"] = "TemplateProcessing",
                ["single"] = new JsonArray(Beginning(), Sequence("A", 0)),
                ["pair"] = new JsonArray(Beginning(), Sequence("A", 0), Sequence("B", 1)),
                ["special_tokens"] = new JsonObject
                {
                    ["<bos>"] = new JsonObject { ["id"] = "<bos>", ["ids"] = new JsonArray(256), ["tokens"] = new JsonArray("<bos>") },
                },
            },
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel" },
            ["model"] = new JsonObject { ["type"] = "BPE", ["vocab"] = vocabulary, ["merges"] = new JsonArray() },
        }.ToJsonString() + "\n";

        static JsonObject Beginning() => new() { ["SpecialToken"] = new JsonObject { ["id"] = "<bos>", ["type_id"] = 0 } };
        static JsonObject Sequence(string id, int type) => new() { ["Sequence"] = new JsonObject { ["id"] = id, ["type_id"] = type } };
    }
}
