using System.Text;
using Tiebreak.Testing;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Tests.Reference;

namespace Tiebreak.Transformers.Tests.Import;

/// <summary>A small random BERT as an ONNX file, with what an importer looks at: the operators around the weights.</summary>
internal sealed class TinyOnnx
{
    public const string Config = """
        {
          "model_type": "bert", "architectures": ["BertModel"], "vocab_size": 12, "hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 2,
          "num_attention_heads": 2, "max_position_embeddings": 16, "type_vocab_size": 2
        }
        """;

    private readonly Dictionary<string, (long[] Shape, float[] Values)> _tensors = new(StringComparer.Ordinal);
    private readonly List<byte[]> _initializers = [];
    private readonly List<byte[]> _nodes = [];

    public TinyOnnx(string config = Config, HeadKind head = HeadKind.None)
    {
        var random = new RandomWeights(seed: 7);
        foreach (var tensor in TransformerModel.TensorsOf(ModelConfig.Parse(Encoding.UTF8.GetBytes(config), "config.json"), head))
        {
            using var values = random.Tensor(tensor.Name, [.. tensor.Shape]);
            var name = head is HeadKind.None ? tensor.Name["bert.".Length..] : tensor.Name;
            _tensors.Add(name, ([.. tensor.Shape], values.data<float>().ToArray()));
        }
    }

    /// <summary>The tensors that the file must give again.</summary>
    public IReadOnlyDictionary<string, (long[] Shape, float[] Values)> Tensors => _tensors;

    /// <summary>Leaves a tensor out.</summary>
    public TinyOnnx Without(string name)
    {
        _ = _tensors.Remove(name);
        return this;
    }

    /// <summary>Adds an operator that no plain export of this model has.</summary>
    public TinyOnnx With(byte[] node)
    {
        _nodes.Add(node);
        return this;
    }

    /// <summary>Adds a stored tensor that no plain export of this model has.</summary>
    public TinyOnnx WithTensor(byte[] tensor)
    {
        _initializers.Add(tensor);
        return this;
    }

    /// <summary>The file.</summary>
    /// <param name="form">How weights of linear layers are written.</param>
    /// <param name="wrapper">What stands before all names.</param>
    public byte[] Write(LinearForm form = LinearForm.NumberedFactor, string wrapper = "")
    {
        var graph = new OnnxMessage();
        var number = 900;
        foreach (var (plain, (shape, values)) in _tensors)
        {
            var name = wrapper + plain;
            if (shape.Length < 2 || plain.Contains("_embeddings", StringComparison.Ordinal))
            {
                graph.Bytes(5, OnnxMessage.Tensor(name, shape, values, isRaw: number++ % 2 == 0));
                continue;
            }

            var (bias, product, input) = ($"{name[..^".weight".Length]}.bias", $"/product_{number}", $"/input_{number}");
            if (form is LinearForm.NumberedFactor)
            {
                var factor = $"onnx::MatMul_{number}";
                graph.Bytes(5, OnnxMessage.Tensor(factor, [shape[1], shape[0]], Transposed(shape, values)));
                graph.Bytes(1, OnnxMessage.Node("MatMul", [input, factor], product));
                graph.Bytes(1, OnnxMessage.Node("Add", number % 2 == 0 ? [bias, product] : [product, bias], $"/sum_{number}"));
            }
            else if (form is LinearForm.TransposedInGraph)
            {
                graph.Bytes(5, OnnxMessage.Tensor(name, shape, values));
                graph.Bytes(1, OnnxMessage.Node("Transpose", [name], $"val_{number}", "", OnnxMessage.Attribute("perm", [1, 0])));
                graph.Bytes(1, OnnxMessage.Node("MatMul", [input, $"val_{number}"], product));
                graph.Bytes(1, OnnxMessage.Node("Add", [product, bias], $"/sum_{number}"));
            }
            else
            {
                graph.Bytes(5, OnnxMessage.Tensor(name, shape, values));
                graph.Bytes(1, OnnxMessage.Node("Gemm", [input, name, bias], product, "", OnnxMessage.Attribute("transB", 1)));
            }

            number++;
        }

        // Scores of attention: a product of two results, which is no layer.
        graph.Bytes(1, OnnxMessage.Node("MatMul", ["/query", "/key"], "/scores"));
        foreach (var tensor in _initializers)
            graph.Bytes(5, tensor);
        foreach (var node in _nodes)
            graph.Bytes(1, node);
        return OnnxMessage.Model(graph);
    }

    /// <summary>Writes the file with everything that an import needs beside it, and returns its path.</summary>
    public static string WriteFolder(TemporaryFolder folder, byte[] onnx, string config = Config)
    {
        File.WriteAllBytes(folder["model.onnx"], onnx);
        _ = folder.Write("config.json", config);
        _ = folder.Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nprime\nnumber\n##s\nis\nseven\n.\n");
        return folder["model.onnx"];
    }

    private static float[] Transposed(long[] shape, float[] values)
    {
        var (rows, columns) = ((int)shape[0], (int)shape[1]);
        return [.. Enumerable.Range(0, values.Length).Select(i => values[(i % rows * columns) + (i / rows)])];
    }
}

/// <summary>How an exporter writes the weight of a linear layer into a graph.</summary>
public enum LinearForm
{
    /// <summary>Transposed, under a number, as a factor of MatMul with the bias added behind it.</summary>
    NumberedFactor,

    /// <summary>As PyTorch keeps it, under its own name, with a Transpose in the graph.</summary>
    TransposedInGraph,

    /// <summary>As PyTorch keeps it, as a factor of Gemm together with the bias.</summary>
    Gemm,
}
