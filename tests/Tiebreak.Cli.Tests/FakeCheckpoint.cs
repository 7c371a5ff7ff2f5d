using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tiebreak.Cli.Tests;

/// <summary>A Llama of one layer, its bytes laid out here by the format's description and not by Tiebreak's writer.</summary>
internal static class FakeCheckpoint
{
    public const string Config =
        """
        {
          "architectures": ["LlamaForSequenceClassification"], "model_type": "llama", "num_hidden_layers": 1, "hidden_size": 4, "num_attention_heads": 2,
          "num_key_value_heads": 1, "intermediate_size": 6, "rms_norm_eps": 1e-5, "vocab_size": 8, "max_position_embeddings": 512,
          "torch_dtype": "float32", "id2label": {"0": "A", "1": "B", "2": "tie"}
        }
        """;

    /// <summary>176 parameters: 8 x 4, 48 of attention, 72 of the feed-forward part, three norms of 4, and 3 x 4.</summary>
    public static readonly (string Name, int[] Shape)[] Tensors =
    [
        ("model.embed_tokens.weight", [8, 4]), ("model.layers.0.self_attn.q_proj.weight", [4, 4]),
        ("model.layers.0.self_attn.k_proj.weight", [2, 4]), ("model.layers.0.self_attn.v_proj.weight", [2, 4]),
        ("model.layers.0.self_attn.o_proj.weight", [4, 4]), ("model.layers.0.mlp.gate_proj.weight", [6, 4]),
        ("model.layers.0.mlp.up_proj.weight", [6, 4]), ("model.layers.0.mlp.down_proj.weight", [4, 6]),
        ("model.layers.0.input_layernorm.weight", [4]), ("model.layers.0.post_attention_layernorm.weight", [4]), ("model.norm.weight", [4]),
        ("score.weight", [3, 4]),
    ];

    /// <summary>Writes a folder.</summary>
    public static void Write(string folder, string config, IEnumerable<(string Name, int[] Shape)> tensors, float value = 0.5f)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), config);
        File.WriteAllBytes(Path.Combine(folder, "model.safetensors"), Safetensors(tensors, value));
    }

    /// <summary>A safetensors file: the header's length, the header, float32 values.</summary>
    public static byte[] Safetensors(IEnumerable<(string Name, int[] Shape)> tensors, float value = 0.5f)
    {
        var (header, end) = (new JsonObject(), 0);
        foreach (var (name, shape) in tensors)
        {
            var start = end;
            end += shape.Aggregate(4, (product, size) => product * size);
            header[name] = new JsonObject
            {
                ["dtype"] = "F32",
                ["shape"] = new JsonArray([.. shape.Select(size => JsonValue.Create(size))]),
                ["data_offsets"] = new JsonArray(start, end),
            };
        }

        var text = JsonSerializer.SerializeToUtf8Bytes(header);
        var file = new byte[8 + text.Length + end];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)text.Length);
        text.CopyTo(file, 8);
        for (var at = 8 + text.Length; at < file.Length; at += 4)
            BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(at), value);
        return file;
    }
}
