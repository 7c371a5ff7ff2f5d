using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Testing;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Tests.Export;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Quantized;

/// <summary>Quantised checkpoints that do not fit what they say, or are damaged: one sentence each.</summary>
public sealed class BadQuantizedInputTests
{
    private const string Layer = "model.layers.1.mlp.up_proj";

    [Theory]
    [InlineData(QuantizationFormat.Awq, """{"bits": 3}""", "\"bits\" is 3; it computes 4, the only size of AWQ")]
    [InlineData(
        QuantizationFormat.Awq,
        """{"version": "gemv"}""",
        "\"version\" is \"gemv\"; it computes gemm: others order the packed numbers differently")]
    [InlineData(QuantizationFormat.Awq, """{"zero_point": false}""", "\"zero_point\" is false")]
    [InlineData(QuantizationFormat.Awq, """{"group_size": 16}""", "qzeros [3, 8] where [6, 8] is needed")]
    [InlineData(
        QuantizationFormat.Awq, """{"group_size": 48}""", "\"group_size\" is 48, but model.layers.0.self_attn.q_proj has 64 inputs")]
    [InlineData(QuantizationFormat.Awq, """{"group_size": 0}""", "\"group_size\" is 0")]
    [InlineData(QuantizationFormat.Gptq, """{"bits": 2}""", "\"bits\" is 2; it computes 4 and 8")]
    [InlineData(QuantizationFormat.Gptq, """{"bits": 8}""", "qweight [12, 64] where [24, 64] is needed")]
    [InlineData(QuantizationFormat.Gptq, """{"group_size": 64}""", "packed as GPTQ with 4 bits, group_size 64")]
    [InlineData(
        QuantizationFormat.Gptq, """{"checkpoint_format": "marlin"}""", "\"checkpoint_format\" is \"marlin\"; it computes gptq and gptq_v2")]
    [InlineData(QuantizationFormat.Nf4, """{"bnb_4bit_quant_type": "int4"}""", "\"bnb_4bit_quant_type\" is \"int4\"")]
    [InlineData(QuantizationFormat.Nf4, """{"bnb_4bit_quant_storage": "bfloat16"}""", "\"bnb_4bit_quant_storage\" is \"bfloat16\"")]
    [InlineData(QuantizationFormat.Nf4, """{"load_in_4bit": false}""", "\"load_in_4bit\" is false")]
    [InlineData(QuantizationFormat.Nf4, """{"quant_method": "hqq"}""", "\"quant_method\" is \"hqq\"; it computes awq, gptq, bitsandbytes, ")]
    public async Task A_configuration_that_does_not_fit(QuantizationFormat format, string changes, string message)
    {
        using var folder = await PackedAsync(format, _ => { }, config =>
        {
            foreach (var (key, value) in JsonNode.Parse(changes)!.AsObject())
                config[key] = value!.DeepClone();
        });
        Refused(folder, message);
    }

    [Theory]
    [InlineData(QuantizationFormat.Awq, "scales", "1 missing: model.layers.1.mlp.up_proj.scales")]
    [InlineData(QuantizationFormat.Gptq, "qzeros", "1 missing: model.layers.1.mlp.up_proj.qzeros")]
    [InlineData(QuantizationFormat.Nf4, "weight.absmax", "1 missing: model.layers.1.mlp.up_proj.weight.absmax")]
    [InlineData(
        QuantizationFormat.Nf4,
        "weight.quant_state.bitsandbytes__nf4",
        "model.layers.1.mlp.up_proj.weight [3072, 1] where [96, 64] is needed")]
    [InlineData(QuantizationFormat.Int8, "SCB", "model.layers.1.mlp.up_proj.weight_format")]
    public async Task A_part_that_is_missing(QuantizationFormat format, string part, string message)
    {
        using var folder = await PackedAsync(format, tensors => tensors.Remove($"{Layer}.{part}"), _ => { });
        Refused(folder, message);
    }

    [Fact]
    public async Task Scales_that_are_not_numbers()
    {
        using var folder = await PackedAsync(
            QuantizationFormat.Awq, tensors => tensors[$"{Layer}.scales"].fill_(double.PositiveInfinity), _ => { });
        Refused(folder, "model.layers.1.mlp.up_proj.scales has 192 values that are NaN or infinite");
    }

    [Fact]
    public async Task Groups_that_do_not_exist()
    {
        using var folder = await PackedAsync(QuantizationFormat.Gptq, tensors => tensors[$"{Layer}.g_idx"].fill_(5), _ => { });
        Refused(folder, "names groups from 5 to 5, but there are 2 groups");
    }

    [Fact]
    public async Task Parts_of_another_type()
    {
        using var folder = await PackedAsync(
            QuantizationFormat.Gptq, tensors => tensors[$"{Layer}.qweight"] = tensors[$"{Layer}.qweight"].to(ScalarType.Float32), _ => { });
        Refused(folder, "model.layers.1.mlp.up_proj.qweight holds Float32 where packed weights have Int32");
    }

    [Theory]
    [InlineData("""{"blocksize": 64, "shape": [64, 96]}""", "\"shape\" is [64, 96]; it must be [96, 64]")]
    [InlineData("""{"blocksize": 63, "shape": [96, 64]}""", "\"blocksize\" is 63")]
    [InlineData("""{"blocksize": 64, "shape": 7}""", "\"shape\" is 7")]
    [InlineData("nonsense", "is not valid JSON")]
    public async Task A_description_of_four_bits_that_does_not_fit(string text, string message)
    {
        using var folder = await PackedAsync(
            QuantizationFormat.Nf4,
            tensors => tensors[$"{Layer}.weight.quant_state.bitsandbytes__nf4"] = tensor(System.Text.Encoding.UTF8.GetBytes(text)),
            _ => { });
        Refused(folder, message);
    }

    private static void Refused(TemporaryFolder folder, string message)
    {
        var exception = Assert.Throws<InputException>(() => TransformerModel.Load(folder["packed"]));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    private static async Task<TemporaryFolder> PackedAsync(
        QuantizationFormat format, Action<Dictionary<string, Tensor>> damage, Action<JsonObject> configure)
    {
        var folder = new TemporaryFolder();
        ModelQuantizerTests.WriteWide(folder);
        TokenSequence[] rows = [new("a", [.. Enumerable.Range(0, 40)])];
        _ = await ModelQuantizer.RunAsync(folder.Path, folder["packed"], new QuantizationOptions { Format = format, GroupSize = 32 }, rows);
        Dictionary<string, Tensor> tensors;
        using (var checkpoint = Checkpoint.Open(folder["packed"]))
            tensors = checkpoint.Entries.ToDictionary(entry => entry.Name, entry => checkpoint.Load(entry.Name), StringComparer.Ordinal);
        damage(tensors);
        SafetensorsWriter.Write(Path.Combine(folder["packed"], "model.safetensors"), tensors);
        foreach (var tensor in tensors.Values)
            tensor.Dispose();

        var path = Path.Combine(folder["packed"], "config.json");
        var config = JsonNode.Parse(await File.ReadAllTextAsync(path))!.AsObject();
        configure(config["quantization_config"]!.AsObject());
        await File.WriteAllTextAsync(path, config.ToJsonString());
        return folder;
    }
}
