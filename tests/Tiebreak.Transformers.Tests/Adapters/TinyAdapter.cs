using System.Text.Json.Nodes;
using Tiebreak.Testing;
using Tiebreak.Torch.Checkpoints;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Adapters;

/// <summary>
/// A PEFT adapter of rank 2 for the queries and values of <see cref="TinyCheckpoint.Gemma2"/>, and its head, that a test may change first.
/// </summary>
internal static class TinyAdapter
{
    public const int Rank = 2;

    public const string Head = "base_model.model.score.weight";

    public static string Layer(int index, string module) => $"base_model.model.model.layers.{index}.{module}";

    public static string Write(
        TemporaryFolder folder, Action<JsonObject>? configure = null, Action<Dictionary<string, Tensor>>? change = null)
    {
        var config = new JsonObject
        {
            ["peft_type"] = "LORA",
            ["task_type"] = "SEQ_CLS",
            ["base_model_name_or_path"] = "maker/tiny-gemma",
            ["r"] = Rank,
            ["lora_alpha"] = 3,
            ["target_modules"] = new JsonArray("q_proj", "v_proj"),
            ["modules_to_save"] = new JsonArray("classifier", "score"),
        };
        configure?.Invoke(config);
        _ = Directory.CreateDirectory(folder["adapter"]);
        _ = folder.Write("adapter/adapter_config.json", config.ToJsonString());

        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal) { [Head] = Random(generator, 3, 16) };
        for (var layer = 0; layer < 2; layer++)
        {
            Add(tensors, generator, Layer(layer, "self_attn.q_proj"), 32);
            Add(tensors, generator, Layer(layer, "self_attn.v_proj"), 16);
        }

        change?.Invoke(tensors);
        SafetensorsWriter.Write(folder["adapter/adapter_model.safetensors"], tensors);
        return folder["adapter"];
    }

    public static void Add(Dictionary<string, Tensor> tensors, Generator generator, string module, int outputs, int rank = Rank)
    {
        tensors[$"{module}.lora_A.weight"] = Random(generator, rank, 16);
        tensors[$"{module}.lora_B.weight"] = Random(generator, outputs, rank);
    }

    public static Tensor Random(Generator generator, params long[] shape) => randn(shape, generator: generator) * 0.3;
}
