using System.Text;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Engine;
using Tiebreak.Transformers.Families;
using Tiebreak.Transformers.Sequences;
using static Tiebreak.Transformers.Tests.Reference.Formulas;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Reference;

/// <summary>Encoders, head included, against the published formulas in float64.</summary>
public sealed class EncoderFormulaTests
{
    private const int Heads = 3;
    private const int Dim = 4;
    private const int Hidden = Heads * Dim;
    private const int Inner = 10;
    private const int Buckets = 4;
    private const int MaxPositions = 14;
    private const double Epsilon = 1e-5;

    private static readonly int[][] Sequences = [[0, 17, 8, 8, 29, 5, 12, 2], [0, 2], [0, 30, 4, 4, 11, 9, 9, 9, 9, 21, 2]];

    [Fact]
    public void Roberta()
    {
        const int padding = 1;
        Check(new RobertaFamily("roberta"), Config("roberta", $""" "pad_token_id": {padding}, "type_vocab_size": 1 """), (weights, ids) =>
        {
            var (words, positions) = (weights.Matrix("roberta.embeddings.word_embeddings.weight"), weights.Matrix(
                "roberta.embeddings.position_embeddings.weight"));
            var type = weights.Matrix("roberta.embeddings.token_type_embeddings.weight")[0];
            double[][] hidden = [.. ids.Select((id, i) =>
                words[id].Select((value, column) => value + positions[padding + 1 + i][column] + type[column]).ToArray())];
            hidden = Norm(weights, "roberta.embeddings.LayerNorm", hidden);
            for (var layer = 0; layer < 2; layer++)
                hidden = Layer(weights, $"roberta.encoder.layer.{layer}.", hidden, (prefix, input) => Plain(weights, prefix, input));

            var dense = Map(Full(weights, "classifier.dense", hidden[..1]), Math.Tanh);
            return Full(weights, "classifier.out_proj", dense)[0];
        });
    }

    [Theory]
    [InlineData("[\"c2p\", \"p2c\"]", false)]
    [InlineData("\"p2c|c2p\"", true)]
    [InlineData("[\"c2p\"]", false)]
    [InlineData("[\"p2c\"]", false)]
    public void Deberta_v2_with_convolution_and_projections_of_its_own(string terms, bool shares)
    {
        var config = Config("deberta-v2", $"""
             "relative_attention": true, "position_buckets": {Buckets}, "max_relative_positions": -1, "norm_rel_ebd": "layer_norm", "position_biased_input": false,
             "type_vocab_size": 0, "share_att_key": {(shares ? "true" : "false")}, "pos_att_type": {terms}, "conv_kernel_size": 3, "conv_act": "gelu",
             "pooler_hidden_act": "gelu", "pooler_hidden_size": {Hidden} 
            """);
        var (content, position) = (terms.Contains("c2p", StringComparison.Ordinal), terms.Contains("p2c", StringComparison.Ordinal));
        Check(new DebertaFamily(), config, (weights, ids) =>
        {
            var words = weights.Matrix("deberta.embeddings.word_embeddings.weight");
            var embedded = Norm(weights, "deberta.embeddings.LayerNorm", [.. ids.Select(id => words[id])]);
            var relative = Norm(weights, "deberta.encoder.LayerNorm", weights.Matrix("deberta.encoder.rel_embeddings.weight"));
            var hidden = embedded;
            for (var layer = 0; layer < 2; layer++)
            {
                hidden = Layer(
                    weights,
                    $"deberta.encoder.layer.{layer}.",
                    hidden,
                    (prefix, input) => Disentangled(weights, prefix, input, relative, content, position, shares));
                if (layer == 0)
                    hidden = Norm(weights, "deberta.encoder.conv.LayerNorm", Add(hidden, Map(Convolution(weights, embedded), Gelu)));
            }

            return Full(weights, "classifier", Map(Full(weights, "pooler.dense", hidden[..1]), Gelu))[0];
        });
    }

    /// <summary>ModernBERT: layers normalise first, windows reach both ways, and angles differ between both kinds of layers.</summary>
    [Theory]
    [InlineData("cls")]
    [InlineData("mean")]
    public void ModernBert(string pooling)
    {
        const int reach = 2;
        var config = Config("modernbert", $"""
             "norm_eps": 1e-5, "local_attention": {2 * reach}, "global_attn_every_n_layers": 2, "global_rope_theta": 900.0,
             "local_rope_theta": 50.0, "classifier_pooling": "{pooling}" 
            """);
        Check(new ModernBertFamily(), config, (weights, ids) =>
        {
            var words = weights.Matrix("model.embeddings.tok_embeddings.weight");
            var hidden = WithoutBias("model.embeddings.norm", [.. ids.Select(id => words[id])]);
            for (var i = 0; i < 2; i++)
            {
                var (layer, isLocal) = ($"model.layers.{i}.", i == 1);
                var normal = i == 0 ? hidden : WithoutBias($"{layer}attn_norm", hidden);
                var all = Linear(normal, weights.Matrix($"{layer}attn.Wqkv.weight"));
                var (queries, keys) = (Turned(Part(all, 0), isLocal ? 50 : 900), Turned(Part(all, 1), isLocal ? 50 : 900));
                var mixed = Attention(
                    Heads, queries, keys, Part(all, 2), (a, b) => !isLocal || Math.Abs(a - b) <= reach,
                    (head, a, b) => Dot(Head(queries[a], head, Dim), Head(keys[b], head, Dim)) / Math.Sqrt(Dim));
                hidden = Add(hidden, Linear(mixed, weights.Matrix($"{layer}attn.Wo.weight")));
                var both = Linear(WithoutBias($"{layer}mlp_norm", hidden), weights.Matrix($"{layer}mlp.Wi.weight"));
                double[][] inner = [.. both.Select(row => row[..Inner].Zip(row[Inner..], (input, gate) => Gelu(input) * gate).ToArray())];
                hidden = Add(hidden, Linear(inner, weights.Matrix($"{layer}mlp.Wo.weight")));
            }

            hidden = WithoutBias("model.final_norm", hidden);
            double[] pooled = pooling is "cls" ? hidden[0] : [.. Enumerable.Range(0, Hidden).Select(j => hidden.Average(row => row[j]))];
            var dense = Map(Linear([pooled], weights.Matrix("head.dense.weight")), Gelu);
            return Full(weights, "classifier", WithoutBias("head.norm", dense))[0];

            double[][] WithoutBias(string name, double[][] input) =>
                LayerNorm(input, weights.Vector($"{name}.weight"), new double[Hidden], Epsilon);
        });

        static double[][] Part(double[][] all, int part) => [.. all.Select(row => row.AsSpan(part * Hidden, Hidden).ToArray())];

        static double[][] Turned(double[][] rows, double theta) => [.. rows.Select((row, position) => row.Chunk(Dim).SelectMany(head =>
            Enumerable.Range(0, Dim).Select(i =>
            {
                var (half, pair) = (Dim / 2, i % (Dim / 2));
                var (sin, cos) = Math.SinCos(position * Math.Pow(theta, -2.0 * pair / Dim));
                return (head[i] * cos) + (i < half ? -head[i + half] * sin : head[i - half] * sin);
            })).ToArray())];
    }

    /// <summary>ELECTRA: embeddings of their own size are normalised, then projected.</summary>
    [Fact]
    public void Electra()
    {
        var config = Config("electra", """ "embedding_size": 6, "type_vocab_size": 2 """);
        Check(new ElectraFamily(), config, (weights, ids) =>
        {
            var (words, positions) = (Table("word"), Table("position"));
            var type = Table("token_type")[0];
            double[][] sums = [.. ids.Select((id, i) =>
                words[id].Select((value, column) => value + positions[i][column] + type[column]).ToArray())];
            var hidden = Full(weights, "electra.embeddings_project", Norm(weights, "electra.embeddings.LayerNorm", sums));
            for (var layer = 0; layer < 2; layer++)
                hidden = Layer(weights, $"electra.encoder.layer.{layer}.", hidden, (prefix, input) => Plain(weights, prefix, input));
            var dense = Map(Full(weights, "classifier.dense", hidden[..1]), Gelu);
            return Full(weights, "classifier.out_proj", dense)[0];

            double[][] Table(string name) => weights.Matrix($"electra.embeddings.{name}_embeddings.weight");
        });
    }

    private static string Config(string type, string more) => $$"""
        {
          "model_type": "{{type}}", "vocab_size": 31, "hidden_size": {{Hidden}}, "intermediate_size": {{Inner}}, "num_hidden_layers": 2, "num_attention_heads": {{Heads}},
          "max_position_embeddings": {{MaxPositions}}, "layer_norm_eps": 1e-5, "num_labels": 3, {{more}}
        }
        """;

    private static void Check(ModelFamily family, string json, Func<RandomWeights, int[], double[]> formula)
    {
        var config = ModelConfig.Parse(Encoding.UTF8.GetBytes(json), "config.json");
        var weights = new RandomWeights(seed: 5);
        using var scope = NewDisposeScope();
        using var backbone = family.CreateBackbone(config, weights);
        using var layers = new ResidentRunner(backbone);
        using var head = family.CreateClassifier(config, weights);
        var tokens = new PackedTokens([.. Sequences.Select((ids, i) => new TokenSequence($"{i}", ids))]);
        var actual = head.Forward(layers.Forward(tokens, backbone.Pooling));
        Near.Equal([.. Sequences.Select(ids => formula(weights, ids))], actual);
    }

    private static double[][] Full(RandomWeights weights, string name, double[][] input) =>
        Linear(input, weights.Matrix($"{name}.weight"), weights.Vector($"{name}.bias"));

    private static double[][] Norm(RandomWeights weights, string name, double[][] input) =>
        LayerNorm(input, weights.Vector($"{name}.weight"), weights.Vector($"{name}.bias"), Epsilon);

    private static double[][] Layer(RandomWeights weights, string prefix, double[][] hidden, Func<string, double[][], double[][]> attention)
    {
        var attended = Full(weights, $"{prefix}attention.output.dense", attention($"{prefix}attention.self.", hidden));
        hidden = Norm(weights, $"{prefix}attention.output.LayerNorm", Add(attended, hidden));
        var fed = Full(weights, $"{prefix}output.dense", Map(Full(weights, $"{prefix}intermediate.dense", hidden), Gelu));
        return Norm(weights, $"{prefix}output.LayerNorm", Add(fed, hidden));
    }

    private static double[][] Plain(RandomWeights weights, string prefix, double[][] input)
    {
        var (q, k, v) = (
            Full(weights, $"{prefix}query", input), Full(weights, $"{prefix}key", input), Full(weights, $"{prefix}value", input));
        return Attention(
            Heads, q, k, v, (_, _) => true, (head, i, j) => Dot(Head(q[i], head, Dim), Head(k[j], head, Dim)) / Math.Sqrt(Dim));
    }

    private static double[][] Disentangled(
        RandomWeights weights, string prefix, double[][] input, double[][] relative, bool content, bool position, bool shares)
    {
        var (q, k, v) = (
            Full(weights, $"{prefix}query_proj", input),
            Full(weights, $"{prefix}key_proj", input),
            Full(weights, $"{prefix}value_proj", input));
        var positionKeys = content ? Full(weights, shares ? $"{prefix}key_proj" : $"{prefix}pos_key_proj", relative) : [];
        var positionQueries = position ? Full(weights, shares ? $"{prefix}query_proj" : $"{prefix}pos_query_proj", relative) : [];
        var terms = 1 + (content ? 1 : 0) + (position ? 1 : 0);
        return Attention(Heads, q, k, v, (_, _) => true, (head, i, j) =>
        {
            var row = Math.Clamp(Bucket(i - j) + Buckets, 0, (2 * Buckets) - 1);
            var score = Dot(Head(q[i], head, Dim), Head(k[j], head, Dim));
            if (content)
                score += Dot(Head(q[i], head, Dim), Head(positionKeys[row], head, Dim));
            if (position)
                score += Dot(Head(k[j], head, Dim), Head(positionQueries[row], head, Dim));
            return score / Math.Sqrt(terms * Dim);
        });
    }

    /// <summary>Exact up to half of the buckets, then by the logarithm up to the largest distance.</summary>
    private static int Bucket(int distance)
    {
        const int middle = Buckets / 2;
        var size = Math.Abs(distance);
        if (size <= middle)
            return distance;

        var steps = Math.Ceiling(Math.Log(size / (double)middle) / Math.Log((MaxPositions - 1) / (double)middle) * (middle - 1));
        return Math.Sign(distance) * (middle + (int)steps);
    }

    private static double[][] Convolution(RandomWeights weights, double[][] input)
    {
        // [out][in * 3], the three taps of an input channel beside each other; zeros beyond the ends.
        var (kernel, bias) = (weights.Matrix("deberta.encoder.conv.conv.weight"), weights.Vector("deberta.encoder.conv.conv.bias"));
        return [.. input.Select((_, token) => kernel.Select((taps, output) => bias[output] + Enumerable.Range(0, Hidden).Sum(channel =>
            Enumerable.Range(-1, 3).Where(step => token + step >= 0 && token + step < input.Length)
                .Sum(step => taps[(channel * 3) + step + 1] * input[token + step][channel]))).ToArray())];
    }
}
