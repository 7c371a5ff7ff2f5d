using System.Text;
using Tiebreak.Core.Randomness;
using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Heads;
using TorchSharp;

namespace Tiebreak.Cli.Tests;

/// <summary>Folders with small random models and their tokenizers, as the hubs publish them.</summary>
internal static class TransformerFolder
{
    /// <summary>A Gemma-2 with byte-level tokens.</summary>
    public static string Gemma(
        TemporaryFolder folder, HeadKind kind = HeadKind.Classifier, int outputs = 3, int vocabulary = TinyTokenizer.ByteLevelSize,
        Action<Dictionary<string, torch.Tensor>>? change = null)
    {
        var architecture = kind is HeadKind.Generator ? "Gemma2ForCausalLM" : "Gemma2ForSequenceClassification";
        Write(folder, "gemma", kind, change, $$"""
            {
              "model_type": "gemma2", "architectures": ["{{architecture}}"], "vocab_size": {{vocabulary}}, "hidden_size": 16, "intermediate_size": 24,
              "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8, "max_position_embeddings": 1024, "rms_norm_eps": 1e-6,
              "query_pre_attn_scalar": 8, "sliding_window": 64, "attn_logit_softcapping": 50.0, "final_logit_softcapping": 30.0, "num_labels": {{outputs}}
            }
            """);
        _ = folder.Write("gemma/tokenizer.json", TinyTokenizer.ByteLevelJson());
        return folder["gemma"];
    }

    /// <summary>A DeBERTa-v3 with word pieces, or with another vocabulary.</summary>
    public static string Deberta(TemporaryFolder folder, int vocabulary = 48)
    {
        Write(folder, "deberta", HeadKind.Classifier, change: null, $$"""
            {
              "model_type": "deberta-v2", "architectures": ["DebertaV2ForSequenceClassification"], "vocab_size": {{vocabulary}}, "hidden_size": 16, "intermediate_size": 24,
              "num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 128, "type_vocab_size": 0, "relative_attention": true, "position_buckets": 8,
              "norm_rel_ebd": "layer_norm", "share_att_key": true, "pos_att_type": "p2c|c2p", "position_biased_input": false, "num_labels": 3
            }
            """);
        _ = folder.Write("deberta/vocab.txt", TinyTokenizer.WordPieces());
        return folder["deberta"];
    }

    /// <summary>A model of a configuration, with the tokenizer of the kind.</summary>
    public static string Tiny(TemporaryFolder folder, string name, bool isGenerator, bool isDecoder, string config)
    {
        Write(folder, name, isGenerator ? HeadKind.Generator : HeadKind.Classifier, change: null, config);
        _ = isDecoder
            ? folder.Write($"{name}/tokenizer.json", TinyTokenizer.ByteLevelJson())
            : folder.Write($"{name}/vocab.txt", TinyTokenizer.WordPieces());
        return folder[name];
    }

    private static void Write(
        TemporaryFolder folder, string name, HeadKind kind, Action<Dictionary<string, torch.Tensor>>? change, string json)
    {
        TorchRuntime.Start();
        _ = Directory.CreateDirectory(folder[name]);
        using var scope = torch.NewDisposeScope();
        var random = new SeededRandom(3);
        var tensors = new Dictionary<string, torch.Tensor>(StringComparer.Ordinal);
        foreach (var (tensor, shape) in TransformerModel.TensorsOf(ModelConfig.Parse(Encoding.UTF8.GetBytes(json), "config.json"), kind))
        {
            var isNorm = tensor.Contains("norm", StringComparison.OrdinalIgnoreCase)
                && tensor.EndsWith(".weight", StringComparison.Ordinal);
            var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
            for (var i = 0; i < values.Length; i++)
                values[i] = (float)((isNorm ? 1 : 0) + random.NextDouble() - 0.5);
            tensors[tensor] = torch.tensor(values, [.. shape]);
        }

        change?.Invoke(tensors);
        SafetensorsWriter.Write(folder[$"{name}/model.safetensors"], tensors);
        _ = folder.Write($"{name}/config.json", json);
    }
}
