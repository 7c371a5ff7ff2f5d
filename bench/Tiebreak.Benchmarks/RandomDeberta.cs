using System.Text;
using System.Text.Json.Nodes;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Torch.Operators;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Tests.Import;
using TorchSharp;

namespace Tiebreak.Benchmarks;

/// <summary>
/// An encoder of DeBERTa-v3-base's shape with random weights, half of its layers and a small vocabulary: as a folder in Hugging Face's
/// layout, and as the graph that exporters make of the same weights.
/// </summary>
internal static class RandomDeberta
{
    public const int Vocabulary = 1000;
    public const int Heads = 12;

    private const int Layers = 6;
    private const int Hidden = 768;
    private const int Buckets = 256; // on each side
    private const int MostPositions = 512;
    private const string Prefix = "deberta.";

    public static void Write(string folder)
    {
        TorchRuntime.Start();
        torch.manual_seed(7);
        var config = new JsonObject
        {
            ["model_type"] = "deberta-v2",
            ["architectures"] = new JsonArray("DebertaV2Model"),
            ["vocab_size"] = Vocabulary,
            ["hidden_size"] = Hidden,
            ["intermediate_size"] = 4 * Hidden,
            ["num_hidden_layers"] = Layers,
            ["num_attention_heads"] = Heads,
            ["max_position_embeddings"] = MostPositions,
            ["position_buckets"] = Buckets,
            ["relative_attention"] = true,
            ["pos_att_type"] = "p2c|c2p",
            ["share_att_key"] = true,
            ["norm_rel_ebd"] = "layer_norm",
            ["position_biased_input"] = false,
            ["type_vocab_size"] = 0,
            ["layer_norm_eps"] = 1e-5, // the default of ONNX's operator
        };
        var text = config.ToJsonString();
        var shapes = TransformerModel.TensorsOf(ModelConfig.Parse(Encoding.UTF8.GetBytes(text), "config.json"), HeadKind.None);
        ShardedWriter.Write(folder, [.. shapes.Select(tensor =>
            new PendingTensor(tensor.Name, DType.Float32, tensor.Shape, () => Random(tensor.Name, [.. tensor.Shape])))]);
        File.WriteAllText(Path.Combine(folder, "config.json"), text);
    }

    /// <summary>
    /// The folder's model as an ONNX file of opset 20. Inputs: <c>input_ids</c> [rows, length]; <c>hidden_keys</c>
    /// [rows, 1, 1, length], added to scores; <c>places</c>, see <see cref="Places"/>; <c>scores_shape</c>: rows, heads, length, length.
    /// Output: the final hidden states.
    /// </summary>
    public static byte[] Onnx(string folder)
    {
        using var checkpoint = Checkpoint.Open(folder);
        return new Graph(checkpoint).Write();
    }

    /// <summary>The row of the table of relative positions for each query and key.</summary>
    /// <returns>[length, length].</returns>
    public static long[] Places(int length)
    {
        var places = new long[length * length];
        for (var query = 0; query < length; query++)
        {
            for (var key = 0; key < length; key++)
                places[(query * length) + key] = Math.Clamp(Bucket(query - key) + Buckets, 0, (2 * Buckets) - 1);
        }

        return places;
    }

    // Half of the buckets are distances, the others grow with the logarithm (transformers, make_log_bucket_position).
    private static long Bucket(int distance)
    {
        const int Middle = Buckets / 2;
        var size = Math.Abs(distance);
        return size <= Middle
            ? distance
            : Math.Sign(distance) * (long)(Middle + MathF.Ceiling(
                MathF.Log(size / (float)Middle) / MathF.Log((MostPositions - 1) / (float)Middle) * (Middle - 1)));
    }

    private static torch.Tensor Random(string name, long[] shape) => name.EndsWith("LayerNorm.weight", StringComparison.Ordinal)
        ? torch.ones(shape)
        : torch.randn(shape).MultiplyInPlace(shape.Length == 1 ? 0.02 : 1 / Math.Sqrt(shape[^1]));

    /// <summary>Writes the operators in their order; every result has a number for a name.</summary>
    private sealed class Graph(Checkpoint checkpoint)
    {
        private readonly OnnxMessage _graph = new();
        private int _results;

        public byte[] Write()
        {
            Constant("heads", [0, 0, Heads, Hidden / Heads]);
            Constant("joined", [0, 0, Hidden]);
            Constant("rows_of_heads", [-1, Heads, Hidden / Heads]);
            _graph.Bytes(5, OnnxMessage.Tensor("scale", [1], [(float)(1 / Math.Sqrt(3.0 * Hidden / Heads))]));
            var places = Node("Expand", ["places", "scores_shape"]);
            var transposedPlaces = Node("Transpose", [places], OnnxMessage.Attribute("perm", [0, 1, 3, 2]));
            var relative = Norm($"{Prefix}encoder.LayerNorm", Stored($"{Prefix}encoder.rel_embeddings.weight"));
            var hidden = Norm(
                $"{Prefix}embeddings.LayerNorm", Node("Gather", [Stored($"{Prefix}embeddings.word_embeddings.weight"), "input_ids"]));
            for (var i = 0; i < Layers; i++)
                hidden = Layer($"{Prefix}encoder.layer.{i}.", hidden, relative, places, transposedPlaces);

            _graph.Bytes(1, OnnxMessage.Node("Identity", [hidden], "last_hidden_state"));
            _graph.Text(2, "encoder");
            Value(11, "input_ids", isFloat: false, "rows", "length");
            Value(11, "hidden_keys", isFloat: true, "rows", "one", "one", "length");
            Value(11, "places", isFloat: false, "length", "length");
            Value(11, "scores_shape", isFloat: false, "four");
            Value(12, "last_hidden_state", isFloat: true, "rows", "length", "hidden");
            return new OnnxMessage().Number(1, 9).Bytes(7, _graph.ToArray()).Bytes(8, new OnnxMessage().Text(1, "").Number(2, 20).ToArray())
                .ToArray();
        }

        private string Layer(string layer, string hidden, string relative, string places, string transposedPlaces)
        {
            var attention = $"{layer}attention.self.";
            var query = Heads(Linear($"{attention}query_proj", hidden), 0, 2, 1, 3); // [rows, heads, length, dim]
            var key = Heads(Linear($"{attention}key_proj", hidden), 0, 2, 1, 3);
            var value = Heads(Linear($"{attention}value_proj", hidden), 0, 2, 1, 3);
            var keys = Node("Transpose", [key], OnnxMessage.Attribute("perm", [0, 1, 3, 2]));
            var fromContent = Node(
                "GatherElements", [Node("MatMul", [query, Positions($"{attention}key_proj")]), places], OnnxMessage.Attribute("axis", 3));
            var fromPosition = Node(
                "GatherElements",
                [Node("MatMul", [key, Positions($"{attention}query_proj")]), transposedPlaces],
                OnnxMessage.Attribute("axis", 3));
            var scores = Node("Add", [
                Node("Add", [Node("MatMul", [query, keys]), fromContent]),
                Node("Transpose", [fromPosition], OnnxMessage.Attribute("perm", [0, 1, 3, 2]))]);
            var shares = Node(
                "Softmax", [Node("Add", [Node("Mul", [scores, "scale"]), "hidden_keys"])], OnnxMessage.Attribute("axis", 3));
            var mixed = Node("Transpose", [Node("MatMul", [shares, value])], OnnxMessage.Attribute("perm", [0, 2, 1, 3]));
            var attended = Norm(
                $"{layer}attention.output.LayerNorm",
                Node("Add", [Linear($"{layer}attention.output.dense", Node("Reshape", [mixed, "joined"])), hidden]));
            var inner = Node("Gelu", [Linear($"{layer}intermediate.dense", attended)]);
            return Norm($"{layer}output.LayerNorm", Node("Add", [Linear($"{layer}output.dense", inner), attended]));

            string Heads(string projected, params long[] order) =>
                Node("Transpose", [Node("Reshape", [projected, "heads"])], OnnxMessage.Attribute("perm", order));

            // [heads, dim, 2 * buckets]
            string Positions(string projection) => Node(
                "Transpose", [Node("Reshape", [Linear(projection, relative), "rows_of_heads"])], OnnxMessage.Attribute("perm", [1, 2, 0]));
        }

        private string Linear(string name, string input) =>
            Node("Add", [Node("MatMul", [input, Stored($"{name}.weight", isTransposed: true)]), Stored($"{name}.bias")]);

        private string Norm(string name, string input) =>
            Node("LayerNormalization", [input, Stored($"{name}.weight"), Stored($"{name}.bias")]);

        private string Node(string type, string[] inputs, params byte[][] attributes)
        {
            var output = $"result_{_results++}";
            _graph.Bytes(1, OnnxMessage.Node(type, inputs, output, "", attributes));
            return output;
        }

        /// <summary>A tensor of the checkpoint, once for each time that it is asked for: ONNX Runtime keeps equal ones once.</summary>
        private string Stored(string name, bool isTransposed = false)
        {
            using var stored = checkpoint.View(name);
            using var tensor = (isTransposed ? stored.t() : stored).contiguous();
            var unique = $"{name}#{_results++}";
            _graph.Bytes(5, OnnxMessage.Tensor(unique, tensor.shape, tensor.data<float>().ToArray()));
            return unique;
        }

        private void Constant(string name, long[] values)
        {
            var tensor = new OnnxMessage().Number(1, values.Length).Number(2, 7).Text(8, name);
            _graph.Bytes(5, tensor.Bytes(9, System.Runtime.InteropServices.MemoryMarshal.AsBytes<long>(values)).ToArray());
        }

        // ValueInfoProto: name, and a tensor type of an element type (1 float, 7 int64) and named dimensions.
        private void Value(int field, string name, bool isFloat, params string[] dimensions)
        {
            var shape = new OnnxMessage();
            foreach (var dimension in dimensions)
                shape.Bytes(1, new OnnxMessage().Text(2, dimension).ToArray());
            var type = new OnnxMessage().Bytes(1, new OnnxMessage().Number(1, isFloat ? 1 : 7).Bytes(2, shape.ToArray()).ToArray());
            _graph.Bytes(field, new OnnxMessage().Text(1, name).Bytes(2, type.ToArray()).ToArray());
        }
    }
}
