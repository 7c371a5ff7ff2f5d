using System.Text;
using Tiebreak.Testing;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Tests.Reference;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests;

/// <summary>A folder with a small random model, as the hubs publish them, that a test may damage first.</summary>
internal static class TinyCheckpoint
{
    public const string Gemma2 = """
        {
          "model_type": "gemma2", "architectures": ["Gemma2ForSequenceClassification"], "vocab_size": 40, "hidden_size": 16, "intermediate_size": 24,
          "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8, "max_position_embeddings": 64, "rms_norm_eps": 1e-6,
          "query_pre_attn_scalar": 8, "sliding_window": 5, "attn_logit_softcapping": 50.0, "final_logit_softcapping": 30.0,
          "id2label": {"0": "A", "1": "B", "2": "tie"}
        }
        """;

    public const string Deberta = """
        {
          "model_type": "deberta-v2", "architectures": ["DebertaV2ForSequenceClassification"], "vocab_size": 40, "hidden_size": 16, "intermediate_size": 24,
          "num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 32, "type_vocab_size": 0, "relative_attention": true, "position_buckets": 8,
          "norm_rel_ebd": "layer_norm", "share_att_key": true, "pos_att_type": "p2c|c2p", "position_biased_input": false,
          "id2label": {"0": "A", "1": "B", "2": "tie"}
        }
        """;

    public static void Write(
        TemporaryFolder folder, string json, Action<Dictionary<string, Tensor>>? damage = null, string? writtenJson = null)
    {
        using var scope = NewDisposeScope();
        var random = new RandomWeights(seed: 3);
        var tensors = TransformerModel.TensorsOf(ModelConfig.Parse(Encoding.UTF8.GetBytes(json), "config.json"), HeadKind.Classifier)
            .ToDictionary(tensor => tensor.Name, tensor => random.Tensor(tensor.Name, [.. tensor.Shape]), StringComparer.Ordinal);
        damage?.Invoke(tensors);
        SafetensorsWriter.Write(folder["model.safetensors"], tensors);
        _ = folder.Write("config.json", writtenJson ?? json);
        foreach (var tensor in tensors.Values)
            tensor.Dispose();
    }
}
