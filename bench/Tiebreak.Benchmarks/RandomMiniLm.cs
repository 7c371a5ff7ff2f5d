using System.Text;
using System.Text.Json.Nodes;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Heads;
using TorchSharp;

namespace Tiebreak.Benchmarks;

/// <summary>A model of the sizes of all-MiniLM-L6-v2 with random weights.</summary>
internal static class RandomMiniLm
{
    public const int Vocabulary = 30522;
    public const int Positions = 512;
    public const int Hidden = 384;
    public const int Intermediate = 1536;
    public const int Layers = 6;
    public const int Heads = 12;

    /// <summary>Writes the model.</summary>
    /// <param name="folder">The folder to write.</param>
    public static void Write(string folder)
    {
        var config = new JsonObject
        {
            ["model_type"] = "bert",
            ["architectures"] = new JsonArray("BertForSequenceClassification"),
            ["vocab_size"] = Vocabulary,
            ["hidden_size"] = Hidden,
            ["intermediate_size"] = Intermediate,
            ["num_hidden_layers"] = Layers,
            ["num_attention_heads"] = Heads,
            ["max_position_embeddings"] = Positions,
            ["num_labels"] = 3,
        };
        torch.manual_seed(7);
        using var scope = torch.NewDisposeScope();
        var shapes = TransformerModel.TensorsOf(
            ModelConfig.Parse(Encoding.UTF8.GetBytes(config.ToJsonString()), "config.json"), HeadKind.Classifier);
        SafetensorsWriter.Write(
            Path.Combine(folder, "model.safetensors"),
            shapes.ToDictionary(
                shape => shape.Name, shape => torch.randn([.. shape.Shape]).mul_(0.02), StringComparer.Ordinal));
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());
    }
}
