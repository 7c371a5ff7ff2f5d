using System.Text.Json.Nodes;
using Tiebreak.Transformers.Configuration;

namespace Tiebreak.Transformers.Planning;

/// <summary>
/// A model's configuration with fewer layers and words, to measure what one layer takes. Everything that a layer computes stays.
/// </summary>
internal static class CutConfig
{
    /// <summary>Words that it has then, whatever it had before.</summary>
    public const int Vocabulary = 1024;

    private static readonly string[] LayerKeys = ["num_hidden_layers", "n_layers", "num_layers", "n_layer"];

    /// <summary>Cuts a configuration.</summary>
    /// <param name="config">The text of <c>config.json</c>.</param>
    /// <param name="layers">Layers that stay.</param>
    public static ModelConfig Of(byte[] config, int layers)
    {
        var fields = JsonNode.Parse(config)!.AsObject();
        Cut(fields, layers);
        return ModelConfig.Parse(System.Text.Encoding.UTF8.GetBytes(fields.ToJsonString()), "the configuration with fewer layers");
    }

    private static void Cut(JsonObject fields, int layers)
    {
        int[] before = [.. LayerKeys.Where(fields.ContainsKey).Select(key => (int)fields[key]!)];
        foreach (var (key, value) in fields.ToList())
        {
            if (LayerKeys.Contains(key, StringComparer.Ordinal))
                fields[key] = layers;
            else if (key is "vocab_size")
                fields[key] = Vocabulary;
            else if (value is JsonObject section)
                Cut(section, layers);
            else if (value is JsonArray list && before.Contains(list.Count)) // a value for each layer
                fields[key] = new JsonArray([.. list.Take(layers).Select(item => item?.DeepClone())]);
        }
    }
}
