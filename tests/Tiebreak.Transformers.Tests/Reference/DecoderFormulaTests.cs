using System.Text;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Engine;
using Tiebreak.Transformers.Families;
using Tiebreak.Transformers.Sequences;
using static Tiebreak.Transformers.Tests.Reference.Formulas;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Reference;

/// <summary>Decoders against the published formulas in float64: a family for each option of the decoder.</summary>
public sealed class DecoderFormulaTests
{
    private const int Heads = 4;
    private const int KeyHeads = 2;
    private const int Dim = 6;
    private const int Hidden = 24;
    private const int Size = 12;
    private const double Theta = 5000;
    private const double Epsilon = 1e-5;

    private static readonly int[][] Sequences = [[3, 17, 8, 8, 29, 1, 12], [5], [30, 2, 2, 11]];
    private static readonly Turn Whole = new(Theta, Dim);

    [Fact]
    public void Mixtral()
    {
        var config = Config("mixtral", """ "num_local_experts": 5, "num_experts_per_tok": 2, "sliding_window": null """);
        Check(new MixtralFamily(), config, (weights, layer, hidden) =>
        {
            hidden = Add(hidden, SelfAttention(weights, layer, Rms(weights, $"{layer}input_layernorm", hidden), Whole));
            var normal = Rms(weights, $"{layer}post_attention_layernorm", hidden);
            return Add(hidden, Experts(weights, $"{layer}block_sparse_moe.gate", $"{layer}block_sparse_moe.experts.", ("w1", "w3", "w2"), normal));
        });
    }

    [Fact]
    public void InternLm2_keeps_queries_keys_and_values_of_a_key_head_together()
    {
        var config = Config("internlm2", """ "bias": false, "rope_scaling": {"type": "dynamic", "factor": 2.0} """);
        Check(new InternLm2Family(), config, embedding: "model.tok_embeddings", layer: (weights, layer, hidden) =>
        {
            var all = Full(weights, $"{layer}attention.wqkv", Rms(weights, $"{layer}attention_norm", hidden));

            // Rows of wqkv: for each key head two queries, the key, the value.
            const int queries = Heads / KeyHeads;
            var mixed = Attend(Pick(0, queries), Pick(queries, 1), Pick(queries + 1, 1), Whole);
            hidden = Add(hidden, Full(weights, $"{layer}attention.wo", mixed));
            var normal = Rms(weights, $"{layer}ffn_norm", hidden);
            return Add(hidden, Gated(weights, $"{layer}feed_forward.w1", $"{layer}feed_forward.w3", $"{layer}feed_forward.w2", normal));

            double[][] Pick(int first, int count) =>
                [.. all.Select(row => Enumerable.Range(0, KeyHeads)
                    .SelectMany(group => row.Skip(((group * (queries + 2)) + first) * Dim).Take(count * Dim)).ToArray())];
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Qwen3_normalises_each_head_and_mixes_experts_by_shares_of_all(bool renormalises)
    {
        var config = Config("qwen3_moe", $"""
             "num_experts": 5, "num_experts_per_tok": 2, "moe_intermediate_size": 7, "mlp_only_layers": [0],
             "norm_topk_prob": {(renormalises ? "true" : "false")} 
            """);
        Check(new Qwen3MoeFamily(), config, (weights, layer, hidden) =>
        {
            var normal = Rms(weights, $"{layer}input_layernorm", hidden);
            hidden = Add(hidden, SelfAttention(weights, layer, normal, Whole, normalisesHeads: true));
            normal = Rms(weights, $"{layer}post_attention_layernorm", hidden);
            return Add(hidden, layer.EndsWith("0.", StringComparison.Ordinal)
                ? Mlp(weights, layer, normal)
                : Experts(
                    weights, $"{layer}mlp.gate", $"{layer}mlp.experts.", ("gate_proj", "up_proj", "down_proj"), normal, renormalises));
        });
    }

    [Fact]
    public void Olmo2_normalises_after_and_all_heads_together() =>
        Check(new Olmo2Family(), Config("olmo2", """ "rope_scaling": null """), (weights, layer, hidden) =>
        {
            var attended = SelfAttention(weights, layer, hidden, Whole, normalisesHeads: false);
            hidden = Add(hidden, Rms(weights, $"{layer}post_attention_layernorm", attended));
            return Add(hidden, Rms(weights, $"{layer}post_feedforward_layernorm", Mlp(weights, layer, hidden)));
        });

    [Fact]
    public void Glm4_turns_neighbours_in_a_part_of_each_head() =>
        Check(new Glm4Family(), Config("glm4", """ "partial_rotary_factor": 0.7, "attention_bias": true """), (weights, layer, hidden) =>
        {
            var normal = Rms(weights, $"{layer}input_layernorm", hidden);
            var attended = SelfAttention(weights, layer, normal, new Turn(Theta, 4, IsInterleaved: true), hasBias: true);
            hidden = Add(hidden, Rms(weights, $"{layer}post_self_attn_layernorm", attended));
            var both = Full(weights, $"{layer}mlp.gate_up_proj", Rms(weights, $"{layer}post_attention_layernorm", hidden));
            double[][] inner = [.. both.Select(row => row[..Size].Zip(row[Size..], (gate, up) => Silu(gate) * up).ToArray())];
            return Add(hidden, Rms(weights, $"{layer}post_mlp_layernorm", Full(weights, $"{layer}mlp.down_proj", inner)));
        });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Gpt_neox_computes_both_parts_side_by_side(bool isParallel)
    {
        var config = Config("gpt_neox", $"""
             "rotary_pct": 0.7, "rotary_emb_base": 5000, "layer_norm_eps": 1e-5, "use_parallel_residual": {(isParallel ? "true" : "false")},
             "hidden_act": "gelu" 
            """).Replace("\"num_key_value_heads\": 2,", "", StringComparison.Ordinal);
        Check(
            new GptNeoXFamily(), config, embedding: "gpt_neox.embed_in", prefix: "gpt_neox.",
            finish: (weights, hidden) => Layer(weights, "gpt_neox.final_layer_norm", hidden), layer: (weights, layer, hidden) =>
            {
                var all = Full(weights, $"{layer}attention.query_key_value", Layer(weights, $"{layer}input_layernorm", hidden), true);
                var mixed = Attend(Pick(0), Pick(1), Pick(2), new Turn(Theta, 4));
                var middle = Add(hidden, Full(weights, $"{layer}attention.dense", mixed, true));
                var normal = Layer(weights, $"{layer}post_attention_layernorm", isParallel ? hidden : middle);
                var inner = Map(Full(weights, $"{layer}mlp.dense_h_to_4h", normal, true), Gelu);
                return Add(middle, Full(weights, $"{layer}mlp.dense_4h_to_h", inner, true));

                // Rows: for each head its query, key and value.
                double[][] Pick(int part) => [.. all.Select(row => row.Chunk(3 * Dim).SelectMany(head => head.Skip(part * Dim).Take(Dim)).ToArray())];
            });
    }

    [Fact]
    public void Cohere2_has_one_norm_and_layers_without_positions()
    {
        var config = Config("cohere2", """
             "layer_norm_eps": 1e-5, "sliding_window": 3, "sliding_window_pattern": 2 
            """);
        Check(
            new Cohere2Family(), config, finish: (weights, hidden) => Layer(weights, "model.norm", hidden, hasBias: false),
            layer: (weights, layer, hidden) =>
            {
                var isLocal = layer.EndsWith("0.", StringComparison.Ordinal);
                var normal = Layer(weights, $"{layer}input_layernorm", hidden, hasBias: false);
                var attended = SelfAttention(
                    weights, layer, normal, isLocal ? new Turn(Theta, Dim, IsInterleaved: true) : null, window: isLocal ? 3 : null);
                return Add(Add(hidden, attended), Mlp(weights, layer, normal));
            });
    }

    [Fact]
    public void Gemma3_turns_by_other_angles_in_layers_with_a_window()
    {
        var config = Config("gemma3_text", """
             "query_pre_attn_scalar": 9, "sliding_window": 3, "sliding_window_pattern": 2, "rope_local_base_freq": 700,
             "rope_scaling": {"rope_type": "linear", "factor": 8.0} 
            """);
        Check(
            new Gemma3Family(), config, embeddingFactor: Math.Sqrt(Hidden),
            finish: (weights, hidden) => OnePlus(weights, "model.norm", hidden), layer: (weights, layer, hidden) =>
            {
                var isLocal = layer.EndsWith("0.", StringComparison.Ordinal);
                var attended = SelfAttention(
                    weights, layer, OnePlus(weights, $"{layer}input_layernorm", hidden), isLocal ? new Turn(700, Dim) : Whole with { Factor = 8 },
                    window: isLocal ? 3 : null, normalisesHeads: true, addsOne: true, scale: 1 / Math.Sqrt(9));
                hidden = Add(hidden, OnePlus(weights, $"{layer}post_attention_layernorm", attended));
                var normal = OnePlus(weights, $"{layer}pre_feedforward_layernorm", hidden);
                return Add(hidden, OnePlus(weights, $"{layer}post_feedforward_layernorm", Mlp(weights, layer, normal, GeluTanh)));
            });
    }

    [Fact]
    public void Granite_multiplies_what_is_added()
    {
        var config = Config("granite", """
             "embedding_multiplier": 3.0, "residual_multiplier": 0.3, "attention_multiplier": 0.2, "logits_scaling": 5.0 
            """);
        Check(new GraniteFamily(), config, embeddingFactor: 3, layer: (weights, layer, hidden) =>
        {
            var normal = Rms(weights, $"{layer}input_layernorm", hidden);
            hidden = Add(hidden, Map(SelfAttention(weights, layer, normal, Whole, scale: 0.2), value => 0.3 * value));
            normal = Rms(weights, $"{layer}post_attention_layernorm", hidden);
            return Add(hidden, Map(Mlp(weights, layer, normal), value => 0.3 * value));
        });
    }

    [Fact]
    public void SmolLm3_has_its_windows_where_it_has_no_positions()
    {
        var config = Config("smollm3", """ "no_rope_layers": [1, 0], "use_sliding_window": true, "sliding_window": 3, "mlp_bias": false """);
        Check(new SmolLm3Family(), config, (weights, layer, hidden) =>
        {
            var rotates = layer.EndsWith("0.", StringComparison.Ordinal);
            var normal = Rms(weights, $"{layer}input_layernorm", hidden);
            hidden = Add(hidden, SelfAttention(weights, layer, normal, rotates ? Whole : null, window: rotates ? null : 3));
            return Add(hidden, Mlp(weights, layer, Rms(weights, $"{layer}post_attention_layernorm", hidden)));
        });
    }

    /// <summary>Section 3.2 of https://arxiv.org/abs/2309.00071, with the ends of the ramp rounded outwards as in the authors' code.</summary>
    [Fact]
    public void Yarn_divides_slow_frequencies_and_keeps_fast_ones()
    {
        const int dimension = 32, original = 64, factor = 8, fast = 8, slow = 1;
        const double theta = 10_000;
        var config = ModelConfig.Parse(Encoding.UTF8.GetBytes($$"""
            {
              "rope_theta": {{theta}}, "max_position_embeddings": 512, "rope_scaling": {
                "rope_type": "yarn", "factor": {{factor}}, "original_max_position_embeddings": {{original}}, "beta_fast": {{fast}}, "beta_slow": {{slow}}
              }
            }
            """), "config.json");
        var options = new RotaryConfiguration(config, dimension).Read();
        var (first, last) = (Math.Floor(Place(fast)), Math.Ceiling(Place(slow)));
        var expected = Enumerable.Range(0, dimension / 2).Select(i =>
        {
            var (frequency, divided) = (Math.Pow(theta, -2.0 * i / dimension), Math.Clamp((i - first) / (last - first), 0, 1));
            return ((1 - divided) * frequency) + (divided * frequency / factor);
        });
        Assert.All(expected.Zip(options.Frequencies(isLong: false)), pair => Assert.Equal(pair.First, pair.Second, 1e-6 * pair.First));
        Assert.Equal((0.1 * Math.Log(factor)) + 1, options.AttentionFactor, 12);

        static double Place(double turns) => dimension * Math.Log(original / (turns * 2 * Math.PI)) / (2 * Math.Log(theta));
    }

    private static string Config(string type, string more) => $$"""
        {
          "model_type": "{{type}}", "vocab_size": 31, "hidden_size": {{Hidden}}, "intermediate_size": {{Size}}, "num_hidden_layers": 2,
          "num_attention_heads": {{Heads}}, "num_key_value_heads": {{KeyHeads}}, "head_dim": {{Dim}}, "max_position_embeddings": 64,
          "rms_norm_eps": 1e-5, "rope_theta": 5000, {{more}}
        }
        """;

    private static void Check(
        DecoderFamily family,
        string config,
        Func<RandomWeights, string, double[][], double[][]> layer,
        Func<RandomWeights, double[][], double[][]>? finish = null,
        string embedding = "model.embed_tokens",
        string prefix = "model.",
        double embeddingFactor = 1)
    {
        var weights = new RandomWeights(seed: 11);
        using var scope = NewDisposeScope();
        using var backbone = family.CreateBackbone(ModelConfig.Parse(Encoding.UTF8.GetBytes(config), "config.json"), weights);
        using var layers = new ResidentRunner(backbone);
        var actual = layers.Forward(new PackedTokens([.. Sequences.Select((ids, i) => new TokenSequence($"{i}", ids))]));

        var table = weights.Matrix($"{embedding}.weight");
        double[][] expected = [.. Sequences.SelectMany(ids =>
        {
            double[][] hidden = [.. ids.Select(id => Array.ConvertAll(table[id], value => embeddingFactor * value))];
            for (var i = 0; i < 2; i++)
                hidden = layer(weights, $"{prefix}layers.{i}.", hidden);
            return finish is null ? Rms(weights, "model.norm", hidden) : finish(weights, hidden);
        })];
        Near.Equal(expected, actual);
    }

    private static double[][] Rms(RandomWeights weights, string name, double[][] hidden) =>
        RmsNorm(hidden, weights.Vector($"{name}.weight"), Epsilon);

    private static double[][] OnePlus(RandomWeights weights, string name, double[][] hidden) =>
        RmsNorm(hidden, Array.ConvertAll(weights.Vector($"{name}.weight"), value => 1 + value), Epsilon);

    private static double[][] Layer(RandomWeights weights, string name, double[][] hidden, bool hasBias = true)
    {
        var factors = weights.Vector($"{name}.weight");
        return LayerNorm(hidden, factors, hasBias ? weights.Vector($"{name}.bias") : new double[factors.Length], Epsilon);
    }

    private static double[][] Full(RandomWeights weights, string name, double[][] input, bool hasBias = false) =>
        Linear(input, weights.Matrix($"{name}.weight"), hasBias ? weights.Vector($"{name}.bias") : null);

    /// <summary>Attention from a normalised hidden state to what is added, with Llama's names.</summary>
    /// <param name="weights">The numbers.</param>
    /// <param name="layer">The layer's prefix.</param>
    /// <param name="hidden">What is read.</param>
    /// <param name="turn">How heads are turned; null: not at all.</param>
    /// <param name="window">See <see cref="Attend"/>.</param>
    /// <param name="hasBias">Whether queries, keys and values have biases.</param>
    /// <param name="normalisesHeads">Whether heads of queries and keys are normalised one by one, all together, or not at all (null).</param>
    /// <param name="addsOne">Whether that norm multiplies by 1 + w.</param>
    /// <param name="scale">See <see cref="Attend"/>.</param>
    private static double[][] SelfAttention(
        RandomWeights weights, string layer, double[][] hidden, Turn? turn, int? window = null, bool hasBias = false,
        bool? normalisesHeads = null, bool addsOne = false, double? scale = null)
    {
        var mixed = Attend(Normal("q"), Normal("k"), Project("v"), turn, window, scale);
        return Full(weights, $"{layer}self_attn.o_proj", mixed);

        double[][] Project(string name) => Full(weights, $"{layer}self_attn.{name}_proj", hidden, hasBias);

        double[][] Normal(string name)
        {
            var projected = Project(name);
            if (normalisesHeads is not { } byHead)
                return projected;
            var norm = $"{layer}self_attn.{name}_norm";
            return [.. projected.Select(row => row.Chunk(byHead ? Dim : row.Length)
                .SelectMany(part => (addsOne ? OnePlus(weights, norm, [part]) : Rms(weights, norm, [part]))[0]).ToArray())];
        }
    }

    /// <param name="queries">[token][head * dim].</param>
    /// <param name="keys">[token][key head * dim].</param>
    /// <param name="values">[token][key head * dim].</param>
    /// <param name="turn">How queries and keys are turned; null: not at all.</param>
    /// <param name="window">How many tokens a token sees, itself included; null: all before it.</param>
    /// <param name="scale">Factor of scores; null: 1 / sqrt(dim).</param>
    private static double[][] Attend(
        double[][] queries, double[][] keys, double[][] values, Turn? turn, int? window = null, double? scale = null)
    {
        if (turn is not null)
            (queries, keys) = (turn.Of(queries), turn.Of(keys));
        var group = queries[0].Length / keys[0].Length;
        return Attention(
            Heads, queries, keys, values, (i, j) => j <= i && i - j < (window ?? int.MaxValue),
            (head, i, j) => Dot(Head(queries[i], head, Dim), Head(keys[j], head / group, Dim)) * (scale ?? 1 / Math.Sqrt(Dim)));
    }

    private static double[][] Mlp(RandomWeights weights, string layer, double[][] input, Func<double, double>? activation = null) =>
        Gated(weights, $"{layer}mlp.gate_proj", $"{layer}mlp.up_proj", $"{layer}mlp.down_proj", input, activation);

    private static double[][] Gated(
        RandomWeights weights, string gate, string up, string down, double[][] input, Func<double, double>? activation = null)
    {
        var gates = Map(Full(weights, gate, input), activation ?? Silu);
        return Full(weights, down, [.. gates.Zip(Full(weights, up, input), (g, u) => g.Zip(u, (a, b) => a * b).ToArray())]);
    }

    private static double[][] Experts(
        RandomWeights weights, string router, string experts, (string Gate, string Up, string Down) names, double[][] tokens,
        bool renormalises = true) =>
        [.. tokens.Select(token =>
        {
            var shares = Softmax(Full(weights, router, [token])[0]);
            var best = Enumerable.Range(0, shares.Length).OrderByDescending(i => shares[i]).Take(2).ToArray();
            var sum = renormalises ? best.Sum(i => shares[i]) : 1;
            return best.Select(i => Array.ConvertAll(Expert($"{experts}{i}.", token), value => value * shares[i] / sum))
                .Aggregate((a, b) => [.. a.Zip(b, (x, y) => x + y)]);

            double[] Expert(string expert, double[] input) =>
                Gated(weights, expert + names.Gate, expert + names.Up, expert + names.Down, [input])[0];
        })];

    /// <summary>How heads are turned.</summary>
    /// <param name="Base">Theta.</param>
    /// <param name="Elements">How many elements of a head are turned, the first ones.</param>
    /// <param name="IsInterleaved">Neighbours together, instead of both halves.</param>
    /// <param name="Factor">Divides positions.</param>
    private sealed record Turn(double Base, int Elements, bool IsInterleaved = false, double Factor = 1)
    {
        public double[][] Of(double[][] rows) => [.. rows.Select((row, position) => row.Chunk(Dim).SelectMany(head =>
        {
            for (var i = 0; i < Elements / 2; i++)
            {
                var (a, b) = IsInterleaved ? (2 * i, (2 * i) + 1) : (i, i + (Elements / 2));
                var (sin, cos) = Math.SinCos(position / Factor * Math.Pow(Base, -2.0 * i / Elements));
                (head[a], head[b]) = ((head[a] * cos) - (head[b] * sin), (head[b] * cos) + (head[a] * sin));
            }

            return head;
        }).ToArray())];
    }
}
