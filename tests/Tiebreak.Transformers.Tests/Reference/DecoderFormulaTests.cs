using System.Text;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Engine;
using Tiebreak.Transformers.Families;
using Tiebreak.Transformers.Sequences;
using static Tiebreak.Transformers.Tests.Reference.Formulas;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Reference;

/// <summary>Decoders that have no golden file, against the published formulas in float64.</summary>
public sealed class DecoderFormulaTests
{
    private const int Heads = 4;
    private const int KeyHeads = 2;
    private const int Dim = 6;
    private const int Size = 12;
    private const double Theta = 5000;
    private const double Epsilon = 1e-5;

    private static readonly int[][] Sequences = [[3, 17, 8, 8, 29, 1, 12], [5], [30, 2, 2, 11]];

    [Fact]
    public void Mixtral()
    {
        var config = Config("mixtral", """ "head_dim": 6, "num_local_experts": 5, "num_experts_per_tok": 2, "sliding_window": null """);
        Check(new MixtralFamily(), config, "model.embed_tokens.weight", (weights, layer, hidden) =>
        {
            var prefix = $"model.layers.{layer}.";
            var normal = RmsNorm(hidden, weights.Vector($"{prefix}input_layernorm.weight"), Epsilon);
            hidden = Add(hidden, Attend(weights, $"{prefix}self_attn.o_proj", Part("q"), Part("k"), Part("v")));
            normal = RmsNorm(hidden, weights.Vector($"{prefix}post_attention_layernorm.weight"), Epsilon);
            return Add(hidden, [.. normal.Select(token => Experts(weights, $"{prefix}block_sparse_moe.", token))]);

            double[][] Part(string name) => Linear(normal, weights.Matrix($"{prefix}self_attn.{name}_proj.weight"));
        });
    }

    [Fact]
    public void InternLm2()
    {
        var config = Config("internlm2", """ "bias": false, "rope_scaling": {"type": "dynamic", "factor": 2.0} """)
            .Replace("\"hidden_size\": 20", "\"hidden_size\": 24", StringComparison.Ordinal);
        Check(new InternLm2Family(), config, "model.tok_embeddings.weight", (weights, layer, hidden) =>
        {
            var prefix = $"model.layers.{layer}.";
            var all = Linear(
                RmsNorm(hidden, weights.Vector($"{prefix}attention_norm.weight"), Epsilon),
                weights.Matrix($"{prefix}attention.wqkv.weight"));

            // Rows of wqkv: for each key head two queries, the key, the value.
            const int queries = Heads / KeyHeads;
            hidden = Add(hidden, Attend(weights, $"{prefix}attention.wo", Pick(0, queries), Pick(queries, 1), Pick(queries + 1, 1)));
            var normal = RmsNorm(hidden, weights.Vector($"{prefix}ffn_norm.weight"), Epsilon);
            return Add(hidden, FeedForward(weights, $"{prefix}feed_forward.", normal));

            double[][] Pick(int first, int count) =>
                [.. all.Select(row => Enumerable.Range(0, KeyHeads)
                    .SelectMany(group => row.Skip(((group * (queries + 2)) + first) * Dim).Take(count * Dim)).ToArray())];
        });
    }

    private static string Config(string type, string more) => $$"""
        {
          "model_type": "{{type}}", "vocab_size": 31, "hidden_size": 20, "intermediate_size": {{Size}}, "num_hidden_layers": 2, "num_attention_heads": {{Heads}},
          "num_key_value_heads": {{KeyHeads}}, "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "rope_theta": 5000, {{more}}
        }
        """;

    private static void Check(DecoderFamily family, string config, string embedding, Func<RandomWeights, int, double[][], double[][]> layer)
    {
        var weights = new RandomWeights(seed: 11);
        using var scope = NewDisposeScope();
        using var backbone = family.CreateBackbone(ModelConfig.Parse(Encoding.UTF8.GetBytes(config), "config.json"), weights);
        using var layers = new ResidentRunner(backbone);
        var actual = layers.Forward(new PackedTokens([.. Sequences.Select((ids, i) => new TokenSequence($"{i}", ids))]));

        var table = weights.Matrix(embedding);
        double[][] expected = [.. Sequences.SelectMany(ids =>
        {
            double[][] hidden = [.. ids.Select(id => table[id])];
            for (var i = 0; i < 2; i++)
                hidden = layer(weights, i, hidden);
            return RmsNorm(hidden, weights.Vector("model.norm.weight"), Epsilon);
        })];
        Near.Equal(expected, actual);
    }

    private static double[][] Attend(RandomWeights weights, string output, double[][] queries, double[][] keys, double[][] values)
    {
        (queries, keys) = (Rotate(queries), Rotate(keys));
        var mixed = Attention(
            Heads, queries, keys, values, (i, j) => j <= i,
            (head, i, j) => Dot(Head(queries[i], head, Dim), Head(keys[j], head / (Heads / KeyHeads), Dim)) / Math.Sqrt(Dim));
        return Linear(mixed, weights.Matrix($"{output}.weight"));
    }

    private static double[][] Rotate(double[][] rows) => [.. rows.Select((row, position) => row.Chunk(Dim).SelectMany(head =>
    {
        const int half = Dim / 2;
        return Enumerable.Range(0, Dim).Select(i =>
        {
            var angle = position * Math.Pow(Theta, -2.0 * (i % half) / Dim);
            return (head[i] * Math.Cos(angle)) + (i < half ? -head[i + half] * Math.Sin(angle) : head[i - half] * Math.Sin(angle));
        });
    }).ToArray())];

    private static double[][] FeedForward(RandomWeights weights, string prefix, double[][] input)
    {
        var (gate, up) = (Linear(input, weights.Matrix($"{prefix}w1.weight")), Linear(input, weights.Matrix($"{prefix}w3.weight")));
        return Linear([.. gate.Zip(up, (g, u) => g.Zip(u, (a, b) => Silu(a) * b).ToArray())], weights.Matrix($"{prefix}w2.weight"));
    }

    private static double[] Experts(RandomWeights weights, string prefix, double[] token)
    {
        var shares = Softmax(Linear([token], weights.Matrix($"{prefix}gate.weight"))[0]);
        var best = Enumerable.Range(0, shares.Length).OrderByDescending(i => shares[i]).Take(2).ToArray();
        var sum = best.Sum(i => shares[i]);
        return [.. best.Select(i =>
            FeedForward(weights, $"{prefix}experts.{i}.", [token])[0].Select(value => value * shares[i] / sum).ToArray())
            .Aggregate((a, b) => [.. a.Zip(b, (x, y) => x + y)])];
    }
}
