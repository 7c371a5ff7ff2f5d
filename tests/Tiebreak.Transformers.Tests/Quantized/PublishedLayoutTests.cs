using System.Text;
using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Tests.Export;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Quantized;

/// <summary>
/// Layouts that Tiebreak reads and does not write. Each is compared with a plain checkpoint whose weights a loop over the format's
/// definition has made of the same numbers.
/// </summary>
public sealed class PublishedLayoutTests : IDisposable
{
    private const int Group = 8;

    private static readonly TokenSequence[] Rows = [new("a", [1, 2, 3, 4, 5, 6, 7, 8]), new("b", [9, 30, 2])];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("int4", true)]
    [InlineData("int4", false)]
    [InlineData("int8 packed", true)]
    [InlineData("int8", true)]
    [InlineData("int8", false)]
    [InlineData("fp8", true)]
    [InlineData("fp8 blocks", true)]
    public void A_layout_gives_the_numbers_of_its_definition(string layout, bool isSymmetric)
    {
        var (plain, quantised) = (_folder["plain"], _folder["quantised"]);
        var random = new Random(7);
        Write(plain, quantised, linear => layout switch
        {
            "int4" => Packed(random, linear, bits: 4, isSymmetric),
            "int8 packed" => Packed(random, linear, bits: 8, isSymmetric),
            "int8" => Bytes(random, linear, isSymmetric),
            _ => Float8(random, linear, layout is "fp8 blocks"),
        }, Settings(layout, isSymmetric));

        using var expected = TransformerModel.Load(plain);
        using var actual = TransformerModel.Load(quantised);
        AssertNear(expected.Compute(Rows).Logits, actual.Compute(Rows).Logits);
        Assert.Equal(layout is "int4" or "int8 packed" ? 0 : 1, actual.Notes.Count); // activations that are not rounded
    }

    [Theory]
    [InlineData("quantize_config.json", QuantizationFormat.Gptq, """{"bits": 4, "group_size": 32, "desc_act": false}""")]
    [InlineData("quant_config.json", QuantizationFormat.Awq, """{"w_bit": 4, "q_group_size": 32, "zero_point": true, "version": "GEMM"}""")]
    [InlineData("config.json", QuantizationFormat.Awq, """{"quant_method": "awq", "w_bit": 4, "q_group_size": 32, "version": "GEMM"}""")]
    [InlineData(
        "config.json",
        QuantizationFormat.Gptq,
        """
        {"quant_method": "gptq", "bits": 8, "group_size": 64, "dynamic": {
          "-:nothing": {}, "+:model\\.layers\\.1\\..*": {"bits": 4, "group_size": 32}, ".*": {"bits": 4, "group_size": 32}}}
        """)]
    public async Task Settings_are_found_where_older_and_other_programs_put_them(string file, QuantizationFormat format, string settings)
    {
        ModelQuantizerTests.WriteWide(_folder);
        var packed = _folder["packed"];
        _ = await ModelQuantizer.RunAsync(_folder.Path, packed, new QuantizationOptions { Format = format, GroupSize = 32 }, [Rows[0]]);
        var expected = Logits(packed);

        var config = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(packed, "config.json")))!.AsObject();
        _ = config.Remove("quantization_config");
        if (file is "config.json")
            config["quantization_config"] = JsonNode.Parse(settings);
        else
            await File.WriteAllTextAsync(Path.Combine(packed, file), settings);
        await File.WriteAllTextAsync(Path.Combine(packed, "config.json"), config.ToJsonString());
        AssertNear(expected, Logits(packed));
    }

    [Fact]
    public void Plain_weights_under_a_configuration_of_quantised_ones_are_computed_and_told()
    {
        var config = JsonNode.Parse(TinyCheckpoint.Gemma2)!.AsObject();
        config["quantization_config"] = new JsonObject { ["load_in_4bit"] = true, ["bnb_4bit_quant_type"] = "nf4" };
        TinyCheckpoint.Write(_folder, TinyCheckpoint.Gemma2, writtenJson: config.ToJsonString());
        using var files = ModelFiles.Open(_folder.Path, adapter: null);
        Assert.Contains("says that weights are quantised (bitsandbytes nf4), but they are plain", Assert.Single(files.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"quant_method": "compressed-tensors", "format": "nvfp4-pack-quantized", "config_groups": {}}""", "\"format\" is \"nvfp4-pack")]
    [InlineData(
        """{"quant_method": "compressed-tensors", "config_groups": {}, "sparsity_config": {"format": "sparse-24-bitmask"}}""",
        "\"format\" is \"sparse-24-bitmask\"; it computes dense")]
    [InlineData("""{"quant_method": "fp8", "fmt": "e5m2"}""", "\"fmt\" is \"e5m2\"; it computes e4m3")]
    [InlineData("""{"quant_method": "mxfp4"}""", "\"quant_method\" is \"mxfp4\"; it computes awq")]
    [InlineData("""{"quant_method": "gptq", "bits": 4, "group_size": 32, "pack_dtype": "int16"}""", "\"pack_dtype\" is \"int16\"")]
    public void What_is_not_computed_is_refused_by_its_name(string settings, string message)
    {
        var config = JsonNode.Parse(TinyCheckpoint.Gemma2)!.AsObject();
        config["quantization_config"] = JsonNode.Parse(settings);
        TinyCheckpoint.Write(_folder, TinyCheckpoint.Gemma2, writtenJson: config.ToJsonString());
        Assert.Contains(message, Assert.Throws<InputException>(() => TransformerModel.Load(_folder.Path)).Message, StringComparison.Ordinal);
    }

    // A wrong setting changes the first digit; the last ones are those of the products, which may differ between two models.
    private static void AssertNear(IReadOnlyList<float[]> expected, IReadOnlyList<float[]> actual) =>
        Assert.All(expected.Zip(actual), rows =>
            Assert.All(rows.First.Zip(rows.Second), value => Assert.Equal(value.First, value.Second, 1e-4f)));

    private static IReadOnlyList<float[]> Logits(string folder)
    {
        using var model = TransformerModel.Load(folder);
        return model.Compute(Rows).Logits;
    }

    /// <summary>Two folders: quantised linear layers, and the plain ones that they stand for; everything else is the same.</summary>
    private static void Write(string plain, string quantised, Func<LinearShape, Layer> make, JsonObject settings)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2);
        var config = ModelConfig.Parse(Encoding.UTF8.GetBytes(TinyCheckpoint.Gemma2), "config.json");
        var plan = new WeightPlan(_ => false);
        TransformerModel.Create(config, HeadKind.None, plan).Dispose();
        using var checkpoint = Checkpoint.Open(folder.Path);
        var (before, after) = (new Dictionary<string, Tensor>(StringComparer.Ordinal), new List<PendingTensor>());
        foreach (var entry in checkpoint.Entries)
        {
            before[entry.Name] = checkpoint.Load(entry.Name);
            if (plan.Linears.All(linear => !string.Equals($"{linear.Name}.weight", entry.Name, StringComparison.Ordinal)))
                after.Add(new PendingTensor(entry.Name, entry.Type, entry.Shape, before[entry.Name].alias));
        }

        foreach (var linear in plan.Linears)
        {
            var layer = make(linear);
            before[$"{linear.Name}.weight"] = layer.Plain;
            after.AddRange(layer.Stored.Select(part =>
                new PendingTensor($"{linear.Name}.{part.Name}", part.Type, part.Tensor.shape, part.Tensor.alias)));
        }

        foreach (var path in new[] { plain, quantised })
            _ = Directory.CreateDirectory(path);
        SafetensorsWriter.Write(Path.Combine(plain, "model.safetensors"), before);
        SafetensorsWriter.Write(Path.Combine(quantised, "model.safetensors"), after);
        File.WriteAllText(Path.Combine(plain, "config.json"), TinyCheckpoint.Gemma2);
        var written = JsonNode.Parse(TinyCheckpoint.Gemma2)!.AsObject();
        written["quantization_config"] = settings;
        File.WriteAllText(Path.Combine(quantised, "config.json"), written.ToJsonString());
    }

    private static JsonObject Settings(string layout, bool isSymmetric)
    {
        if (layout is "fp8 blocks")
            return new JsonObject { ["quant_method"] = "fp8", ["fmt"] = "e4m3", ["weight_block_size"] = new JsonArray(Group, Group) };
        var isPacked = layout is "int4" or "int8 packed";
        var group = new JsonObject
        {
            ["targets"] = new JsonArray("Linear"),
            ["weights"] = new JsonObject
            {
                ["num_bits"] = layout is "int4" ? 4 : 8,
                ["type"] = layout is "fp8" ? "float" : "int",
                ["symmetric"] = isSymmetric,
                ["strategy"] = isPacked ? "group" : "channel",
                ["group_size"] = isPacked ? Group : null,
            },
        };
        if (!isPacked)
            group["input_activations"] = new JsonObject { ["num_bits"] = 8, ["dynamic"] = true };
        return new JsonObject
        {
            ["quant_method"] = "compressed-tensors",
            ["format"] = isPacked ? "pack-quantized" : layout is "fp8" ? "float-quantized" : "int-quantized",
            ["config_groups"] = new JsonObject { ["group_0"] = group },
        };
    }

    private static Layer Packed(Random random, LinearShape linear, int bits, bool isSymmetric)
    {
        var (rows, columns, perWord, half) = (linear.Outputs, linear.Inputs, 32 / bits, 1 << (bits - 1));
        var groups = (columns + Group - 1) / Group;
        var (words, zeros) = (new int[rows, (columns + perWord - 1) / perWord], new int[(rows + perWord - 1) / perWord, groups]);
        var (scales, plain) = (new float[rows, groups], new float[rows, columns]);
        for (var row = 0; row < rows; row++)
        {
            for (var group = 0; group < groups; group++)
            {
                scales[row, group] = 0.02f + (0.05f * random.NextSingle());
                var zero = isSymmetric ? 0 : random.Next(-2, 3);
                zeros[row / perWord, group] |= (zero + half) << (row % perWord * bits);
                for (var column = group * Group; column < Math.Min(columns, (group + 1) * Group); column++)
                {
                    var number = random.Next(-half, half) / (bits == 8 ? 16 : 1);
                    words[row, column / perWord] |= (number + half) << (column % perWord * bits);
                    plain[row, column] = (number - zero) * scales[row, group];
                }
            }
        }

        var parts = new List<StoredPart>
        {
            new("weight_packed", DType.Int32, tensor(words)), new("weight_scale", DType.Float32, tensor(scales)),
            new("weight_shape", DType.Int64, tensor(new long[] { rows, columns })),
        };
        if (!isSymmetric)
            parts.Add(new StoredPart("weight_zero_point", DType.Int32, tensor(zeros)));
        return new Layer(tensor(plain), parts);
    }

    private static Layer Bytes(Random random, LinearShape linear, bool isSymmetric)
    {
        var (values, scales) = (new sbyte[linear.Outputs, linear.Inputs], new float[linear.Outputs, 1]);
        var (zeros, plain) = (new sbyte[linear.Outputs, 1], new float[linear.Outputs, linear.Inputs]);
        for (var row = 0; row < linear.Outputs; row++)
        {
            (scales[row, 0], zeros[row, 0]) = (0.004f * random.NextSingle(), (sbyte)(isSymmetric ? 0 : random.Next(-9, 9)));
            for (var column = 0; column < linear.Inputs; column++)
            {
                values[row, column] = (sbyte)random.Next(-128, 128);
                plain[row, column] = (values[row, column] - zeros[row, 0]) * scales[row, 0];
            }
        }

        var parts = new List<StoredPart>
        {
            new("weight", DType.Int8, tensor(values)), new("weight_scale", DType.Float32, tensor(scales)),
        };
        if (!isSymmetric)
            parts.Add(new StoredPart("weight_zero_point", DType.Int8, tensor(zeros)));
        return new Layer(tensor(plain), parts);
    }

    private static Layer Float8(Random random, LinearShape linear, bool hasBlocks)
    {
        var (rows, columns) = (hasBlocks ? (linear.Outputs + Group - 1) / Group : linear.Outputs, hasBlocks ? (linear.Inputs + Group - 1) / Group : 1);
        var (codes, scales, plain) = (new byte[linear.Outputs, linear.Inputs], new float[rows, columns], new float[linear.Outputs, linear.Inputs]);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
                scales[row, column] = 0.01f + (0.04f * random.NextSingle());
        }

        for (var row = 0; row < linear.Outputs; row++)
        {
            for (var column = 0; column < linear.Inputs; column++)
            {
                // Exponents of 2^-9 to 2^3, subnormal numbers among them.
                codes[row, column] = (byte)((random.Next(2) << 7) | random.Next(80));
                plain[row, column] = Value(codes[row, column]) * (hasBlocks ? scales[row / Group, column / Group] : scales[row, 0]);
            }
        }

        return new Layer(
            tensor(plain),
            [
                new("weight", DType.Float8E4M3, tensor(codes)),
                new(hasBlocks ? "weight_scale_inv" : "weight_scale", DType.Float32, tensor(scales)),
            ]);
    }

    private static float Value(byte code)
    {
        var (sign, exponent, mantissa) = (code >= 128 ? -1 : 1, (code / 8) % 16, code % 8);
        return (float)(sign * (exponent == 0 ? mantissa / 8.0 * Math.Pow(2, -6) : (1 + (mantissa / 8.0)) * Math.Pow(2, exponent - 7)));
    }

    private sealed record StoredPart(string Name, DType Type, Tensor Tensor);

    private sealed record Layer(Tensor Plain, IReadOnlyList<StoredPart> Stored);
}
