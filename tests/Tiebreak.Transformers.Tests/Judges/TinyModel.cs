using System.Text;
using Tiebreak.Testing;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Tests.Reference;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Judges;

/// <summary>Folders of small random models with tokenizers that can read English, so that they can be judges.</summary>
internal static class TinyModel
{
    /// <summary>A decoder of Gemma's kind with the head that is asked for.</summary>
    /// <param name="folder">Where to write.</param>
    /// <param name="name">The model's folder in it.</param>
    /// <param name="kind">The head.</param>
    /// <param name="outputs">Outputs of the head.</param>
    /// <param name="positions">The longest sequence.</param>
    /// <param name="hidden">Numbers of a token.</param>
    /// <param name="width">Numbers of a token between the two products of a feed-forward part.</param>
    /// <param name="change">Changes weights before they are written.</param>
    public static string Gemma(
        TemporaryFolder folder, string name = "gemma", HeadKind kind = HeadKind.Classifier, int outputs = 3, int positions = 1024,
        int hidden = 16, int width = 24, Action<Dictionary<string, Tensor>>? change = null)
    {
        var architecture = kind is HeadKind.Generator ? "Gemma2ForCausalLM" : "Gemma2ForSequenceClassification";
        var path = Write(folder, name, kind, change, $$"""
            {
              "model_type": "gemma2", "architectures": ["{{architecture}}"], "vocab_size": {{TinyTokenizer.ByteLevelSize}}, "hidden_size": {{hidden}}, "intermediate_size": {{width}},
              "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8, "max_position_embeddings": {{positions}}, "rms_norm_eps": 1e-6,
              "query_pre_attn_scalar": 8, "sliding_window": 64, "attn_logit_softcapping": 50.0, "final_logit_softcapping": 30.0,
              "bos_token_id": {{TinyTokenizer.Beginning}}, "num_labels": {{outputs}}
            }
            """);
        _ = folder.Write($"{name}/tokenizer.json", TinyTokenizer.ByteLevelJson());
        return path;
    }

    /// <summary>An encoder of DeBERTa-v3's kind.</summary>
    public static string Deberta(TemporaryFolder folder, string name = "deberta", HeadKind kind = HeadKind.Classifier, int outputs = 3)
    {
        var path = Write(folder, name, kind, change: null, $$"""
            {
              "model_type": "deberta-v2", "architectures": ["DebertaV2ForSequenceClassification"], "vocab_size": 48, "hidden_size": 16, "intermediate_size": 24,
              "num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 128, "type_vocab_size": 0, "relative_attention": true, "position_buckets": 8,
              "norm_rel_ebd": "layer_norm", "share_att_key": true, "pos_att_type": "p2c|c2p", "position_biased_input": false, "num_labels": {{outputs}}
            }
            """);
        _ = folder.Write($"{name}/vocab.txt", TinyTokenizer.WordPieces());
        return path;
    }

    /// <summary>An encoder of BERT's kind before it has learned a task: without head, and without the prefix of names.</summary>
    public static string BareBert(TemporaryFolder folder)
    {
        var path = Write(
            folder,
            "bert",
            HeadKind.None,
            tensors =>
            {
                foreach (var name in tensors.Keys.ToArray())
                {
                    tensors[name["bert.".Length..]] = tensors[name];
                    _ = tensors.Remove(name);
                }

                tensors["pooler.dense.weight"] = eye(16);
                tensors["pooler.dense.bias"] = zeros(16);
            },
            """
            {
              "model_type": "bert", "architectures": ["BertModel"], "vocab_size": 48, "hidden_size": 16, "intermediate_size": 24,
              "num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 128, "type_vocab_size": 2
            }
            """);
        _ = folder.Write("bert/vocab.txt", TinyTokenizer.WordPieces());
        return path;
    }

    private static string Write(TemporaryFolder folder, string name, HeadKind kind, Action<Dictionary<string, Tensor>>? change, string json)
    {
        _ = Directory.CreateDirectory(folder[name]);
        using var scope = NewDisposeScope();
        var random = new RandomWeights(seed: 3);
        var tensors = TransformerModel.TensorsOf(ModelConfig.Parse(Encoding.UTF8.GetBytes(json), "config.json"), kind)
            .ToDictionary(tensor => tensor.Name, tensor => random.Tensor(tensor.Name, [.. tensor.Shape]), StringComparer.Ordinal);
        change?.Invoke(tensors);
        SafetensorsWriter.Write(folder[$"{name}/model.safetensors"], tensors);
        _ = folder.Write($"{name}/config.json", json);
        foreach (var tensor in tensors.Values)
            tensor.Dispose();
        return folder[name];
    }
}
