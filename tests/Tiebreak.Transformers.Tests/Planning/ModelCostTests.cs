using Tiebreak.Core;
using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Torch.Kernels;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Planning;
using Tiebreak.Transformers.Tests.Export;

namespace Tiebreak.Transformers.Tests.Planning;

/// <summary>Memory and arithmetic, counted without weights, against the files themselves and against counting by hand.</summary>
public sealed class ModelCostTests
{
    private const string Llama1B = """
        {
          "model_type": "llama", "architectures": ["LlamaForSequenceClassification"], "vocab_size": 128256, "hidden_size": 2048, "intermediate_size": 8192,
          "num_hidden_layers": 16, "num_attention_heads": 32, "num_key_value_heads": 8, "max_position_embeddings": 131072, "rms_norm_eps": 1e-5, "torch_dtype": "bfloat16"
        }
        """;

    // What bench/results/*/packed.md found on the disk for this shape.
    [Theory]
    [InlineData("bfloat16 or float16", 2472)]
    [InlineData("int8", 1500)]
    [InlineData("AWQ or GPTQ, 4 bits, groups of 128", 1031)]
    [InlineData("nf4", 1073)]
    public void Formats_have_the_sizes_that_were_measured(string name, double megabytes)
    {
        using var folder = new TemporaryFolder();
        _ = folder.Write("config.json", Llama1B);
        var cost = ModelCost.Of(folder.Path, DType.BFloat16);
        Assert.Null(cost.StoredBytes);
        Assert.Equal(0, cost.OwnedBytes);
        Assert.Equal(
            megabytes,
            cost.BytesIn(WeightFormat.All.Single(format => string.Equals(format.Name, name, StringComparison.Ordinal))) / 1e6,
            1.5);
    }

    [Fact]
    public void Weights_of_the_type_that_is_computed_stay_in_the_file_and_others_are_converted()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2);
        using var checkpoint = Checkpoint.Open(folder.Path);
        var bytes = checkpoint.Entries.Sum(entry => entry.ByteCount);
        const long embedding = 40 * 16 * sizeof(float);

        var same = ModelCost.Of(folder.Path, DType.Float32);
        Assert.Equal((bytes, 0L, bytes), (same.MappedBytes, same.OwnedBytes, same.StoredBytes));
        Assert.Equal(bytes / sizeof(float), same.Parameters);
        var half = ModelCost.Of(folder.Path, DType.BFloat16);
        Assert.Equal((embedding, (bytes - embedding) / 2), (half.MappedBytes, half.OwnedBytes));
        Assert.Equal(64, half.MaxPositions);
    }

    [Fact]
    public async Task Packed_weights_stay_packed_but_for_the_one_that_is_computed()
    {
        using var folder = new TemporaryFolder();
        ModelQuantizerTests.WriteWide(folder);
        _ = await ModelQuantizer.RunAsync(folder.Path, folder["packed"], new QuantizationOptions { Format = QuantizationFormat.Nf4 }, []);
        var (plain, packed) = (ModelCost.Of(folder.Path, DType.Float32), ModelCost.Of(folder["packed"], DType.Float32));
        Assert.Equal(plain.Parameters, packed.Parameters);
        Assert.Equal((packed.StoredBytes, 0L), (packed.MappedBytes, packed.OwnedBytes));
        Assert.Equal(64 * 96 * sizeof(float), packed.DequantizedBytes);
        Assert.Equal(0, plain.DequantizedBytes);
    }

    [Fact]
    public void Int8_takes_a_byte_and_a_scale_an_output()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2);
        var (plain, int8) = (ModelCost.Of(folder.Path, DType.Float32), ModelCost.Of(folder.Path, DType.Float32, LinearCompute.Int8));
        const int outputs = 2 * (32 + 16 + 16 + 16 + 24 + 24 + 16);
        Assert.Equal(plain.QuantizableParameters + (outputs * sizeof(float)), int8.OwnedBytes);
        Assert.Equal(plain.MappedBytes - (plain.QuantizableParameters * sizeof(float)), int8.MappedBytes);
    }

    [Fact]
    public void A_token_passes_some_of_the_experts()
    {
        using var folder = new TemporaryFolder();
        _ = folder.Write("config.json", """
            {
              "model_type": "mixtral", "architectures": ["MixtralForSequenceClassification"], "vocab_size": 32000, "hidden_size": 4096, "intermediate_size": 14336,
              "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8, "max_position_embeddings": 32768, "rms_norm_eps": 1e-5,
              "num_local_experts": 8, "num_experts_per_tok": 2
            }
            """);
        var cost = ModelCost.Of(folder.Path, DType.BFloat16);
        const long attention = 4096L * (4096 + 1024 + 1024 + 4096), expert = 3L * 4096 * 14336, router = 4096 * 8;
        Assert.Equal(32 * (attention + (8 * expert) + router), cost.QuantizableParameters);
        Assert.Equal(32 * (attention + (2 * expert) + router), cost.ActiveParameters);
    }

    [Theory]
    [InlineData(7, null, true)]
    [InlineData(7, 3, true)]
    [InlineData(3, 3, true)]
    [InlineData(1, 3, true)]
    [InlineData(7, null, false)]
    [InlineData(7, 3, false)]
    [InlineData(2, 3, false)]
    public void Attention_counts_the_pairs_that_see_each_other(int tokens, int? window, bool isCausal)
    {
        var shape = new LayerShape
        {
            Hidden = 8,
            Intermediate = 8,
            Heads = 2,
            HeadDimension = 4,
            KeyHeads = 1,
            IsCausal = isCausal,
            Windows = [window],
        };
        var pairs = Enumerable.Range(0, tokens).Sum(query => Enumerable.Range(0, tokens)
            .Count(key => (key <= query || !isCausal) && (window is null || Math.Abs(query - key) < window)));
        Assert.Equal(2 * 2 * pairs * 2 * 4, shape.AttentionOperations(tokens));
    }

    // DeBERTa-v3-base: 512 rows of 768 numbers for keys and for queries, in each of 12 layers.
    [Fact]
    public void Positions_that_layers_keep_projected_count_where_weights_are_laid_out()
    {
        using var folder = new TemporaryFolder();
        _ = folder.Write("config.json", """
            {
              "model_type": "deberta-v2", "architectures": ["DebertaV2ForSequenceClassification"], "vocab_size": 128100,
              "hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 12,
              "max_position_embeddings": 512, "relative_attention": true, "position_buckets": 256, "norm_rel_ebd": "layer_norm",
              "share_att_key": true, "pos_att_type": "p2c|c2p", "max_relative_positions": -1, "position_biased_input": false,
              "type_vocab_size": 0, "layer_norm_eps": 1e-7, "hidden_act": "gelu", "torch_dtype": "float32"
            }
            """);
        var (single, rounded) = (ModelCost.Of(folder.Path, DType.Float32), ModelCost.Of(folder.Path, DType.BFloat16));
        Assert.Equal(0, single.LayerPositionBytes);
        Assert.Equal(BFloat16BlockWeight.IsSupported ? 512 * 768 * 2 * 2 : 0, rounded.LayerPositionBytes);
        var without = rounded with { LayerPositionBytes = 0 };
        Assert.Equal(12 * rounded.LayerPositionBytes, rounded.TotalBytes(1024, 512) - without.TotalBytes(1024, 512));
        Assert.Equal(2 * rounded.LayerPositionBytes, rounded.LayerMajorBytes(1024, 512, 1024) - without.LayerMajorBytes(1024, 512, 1024));
    }

    [Fact]
    public void Weights_that_do_not_fit_the_configuration_are_told()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2, tensors => tensors.Remove("score.weight"));
        Assert.Contains(
            "score.weight",
            Assert.Throws<InputException>(() => ModelCost.Of(folder.Path, DType.Float32)).Message,
            StringComparison.Ordinal);
    }
}
