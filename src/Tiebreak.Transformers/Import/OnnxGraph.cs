using System.Text;
using Tiebreak.Core;
using Tiebreak.Tokenization.Formats;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;

namespace Tiebreak.Transformers.Import;

/// <summary>
/// What an ONNX file (https://github.com/onnx/onnx/blob/main/docs/IR.md, onnx.proto) says about weights: the floating-point tensors that
/// it stores, and the operators of its graph. Values stay in the file.
/// </summary>
internal sealed class OnnxGraph
{
    // Far above any encoder.
    private const int MostNodes = 1 << 18;
    private const int MostTensors = 1 << 16;
    private const int MostTextBytes = 1 << 10;
    private const int MostListed = 1 << 10; // inputs, outputs, dimensions

    private const string FileKind = "ONNX model";

    // Field numbers of onnx.proto.
    private const int ModelGraph = 7;
    private const int GraphNode = 1;
    private const int GraphInitializer = 5;
    private const int NodeInput = 1;
    private const int NodeOutput = 2;
    private const int NodeOperator = 4;
    private const int NodeAttribute = 5;
    private const int NodeDomain = 7;
    private const int AttributeName = 1;
    private const int AttributeInteger = 3;
    private const int AttributeIntegers = 8;
    private const int TensorSizes = 1;
    private const int TensorType = 2;
    private const int TensorFloats = 4;
    private const int TensorName = 8;
    private const int TensorRaw = 9;
    private const int TensorLocation = 14;

    private readonly Dictionary<string, TensorEntry> _tensors = new(StringComparer.Ordinal);
    private readonly List<OnnxNode> _nodes = [];

    private OnnxGraph(string path) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The stored tensors of floating-point types ("initializers") by name.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors => _tensors;

    /// <summary>The operators, each after those whose results it takes.</summary>
    public IReadOnlyList<OnnxNode> Nodes => _nodes;

    /// <summary>Reads the structure of a file.</summary>
    /// <exception cref="InputException">It is damaged, keeps its weights elsewhere, or has no graph.</exception>
    public static OnnxGraph Read(MappedFile file)
    {
        // A protocol buffer has at most 2 GiB.
        if (file.Length is 0 or > int.MaxValue)
            throw new InputException($"{file.Path} has {Quantity.Of(file.Length, "byte")}; an {FileKind} has between 1 and 2^31.");

        var graph = new OnnxGraph(file.Path);
        var model = new ProtobufReader(file.Slice(0, (int)file.Length), file.Path, FileKind);
        var hasGraph = false;
        while (model.Read())
        {
            if (model.Field != ModelGraph)
                continue;
            graph.ReadGraph(model.Bytes, model.Start);
            hasGraph = true;
        }

        return hasGraph ? graph : throw new InputException($"{file.Path} holds no graph, so it is no {FileKind}. Name a model.onnx.");
    }

    private void ReadGraph(ReadOnlySpan<byte> message, long start)
    {
        var graph = new ProtobufReader(message, Path, FileKind);
        while (graph.Read())
        {
            if (graph.Field == GraphNode)
                AddWithin(MostNodes, _nodes, ReadNode(graph.Bytes), "operators");
            else if (graph.Field == GraphInitializer && ReadTensor(graph.Bytes, start + graph.Start) is { } tensor)
                Add(tensor);
        }
    }

    private void Add(TensorEntry tensor)
    {
        if (_tensors.Count == MostTensors)
            throw TooMany(MostTensors, "tensors");
        if (!_tensors.TryAdd(tensor.Name, tensor))
            throw new InputException($"{Path} holds the tensor {tensor.Name} twice. The file is damaged; export or download it again.");
    }

    private OnnxNode ReadNode(ReadOnlySpan<byte> message)
    {
        var (type, domain, inputs, outputs, attributes) = ("", "", new List<string>(), new List<string>(), new List<OnnxAttribute>());
        var node = new ProtobufReader(message, Path, FileKind);
        while (node.Read())
        {
            switch (node.Field)
            {
                case NodeInput: AddWithin(MostListed, inputs, Text(node.Bytes), "inputs of an operator"); break;
                case NodeOutput: AddWithin(MostListed, outputs, Text(node.Bytes), "outputs of an operator"); break;
                case NodeOperator: type = Text(node.Bytes); break;
                case NodeDomain: domain = Text(node.Bytes); break;
                case NodeAttribute: AddWithin(MostListed, attributes, ReadAttribute(node.Bytes), "attributes of an operator"); break;
            }
        }

        return new OnnxNode(type, domain, inputs, outputs, attributes);
    }

    private OnnxAttribute ReadAttribute(ReadOnlySpan<byte> message)
    {
        var (name, numbers) = ("", new List<long>());
        var attribute = new ProtobufReader(message, Path, FileKind);
        while (attribute.Read())
        {
            if (attribute.Field == AttributeName)
                name = Text(attribute.Bytes);
            else if (attribute.Field is AttributeInteger or AttributeIntegers)
                AddNumbers(numbers, attribute);
        }

        return new OnnxAttribute(name, numbers);
    }

    /// <summary>A tensor of a floating-point type; null for another, which no weight has.</summary>
    private TensorEntry? ReadTensor(ReadOnlySpan<byte> message, long start)
    {
        var (name, shape, typeNumber, isElsewhere) = ("", new List<long>(), 0UL, false);
        var (offset, bytes) = (0L, 0L);
        var tensor = new ProtobufReader(message, Path, FileKind);
        while (tensor.Read())
        {
            switch (tensor.Field)
            {
                case TensorSizes: AddNumbers(shape, tensor); break;
                case TensorType: typeNumber = tensor.Number; break;
                case TensorName: name = Text(tensor.Bytes); break;
                case TensorFloats or TensorRaw: (offset, bytes) = (start + tensor.Start, tensor.Bytes.Length); break;
                case TensorLocation: isElsewhere = tensor.Number != 0; break;
            }
        }

        if (TypeOf(typeNumber) is not { } type)
            return null;
        if (isElsewhere)
        {
            throw new InputException(
                $"{Path} keeps {name} in another file (external data); Tiebreak reads ONNX files that hold their weights themselves.");
        }

        // Half-precision numbers may also be written one by one; no exporter of models does so.
        return TensorEntry.CheckedCount(shape) is { } count && count * type.Size == bytes
            ? new TensorEntry
            {
                Name = name,
                Type = type,
                Shape = shape,
                Strides = TensorEntry.RowMajor(shape),
                Offset = offset,
                Path = Path,
            }
            : throw new InputException(
                $"{Path}: the {bytes:N0} bytes of tensor {name} do not fill its shape [{string.Join(", ", shape)}]. "
                + "The file is damaged; export or download it again.");
    }

    // The numbers of TensorProto.DataType.
    private static DType? TypeOf(ulong number) => number switch
    {
        1 => DType.Float32,
        10 => DType.Float16,
        11 => DType.Float64,
        16 => DType.BFloat16,
        _ => null,
    };

    // Lists of numbers are written one by one or packed.
    private void AddNumbers(List<long> list, ProtobufReader field)
    {
        if (field.Bytes.IsEmpty)
        {
            AddWithin(MostListed, list, (long)field.Number, "numbers of a list");
            return;
        }

        var packed = new ProtobufReader(field.Bytes, Path, FileKind);
        while (packed.ReadPacked())
            AddWithin(MostListed, list, (long)packed.Number, "numbers of a list");
    }

    private void AddWithin<T>(int most, List<T> list, T item, string what)
    {
        if (list.Count == most)
            throw TooMany(most, what);
        list.Add(item);
    }

    private InputException TooMany(int most, string what) => new(
        $"{Path} holds more than {most:N0} {what}, which no encoder has. It is damaged, or Tiebreak does not know this kind of model.");

    private string Text(ReadOnlySpan<byte> bytes) => bytes.Length <= MostTextBytes
        ? Encoding.UTF8.GetString(bytes)
        : throw new InputException($"{Path}: a name has {bytes.Length:N0} bytes. The file is damaged; export or download it again.");
}

/// <summary>An operator of a graph.</summary>
/// <param name="Type">What it computes: <c>MatMul</c>.</param>
/// <param name="Domain">Whose operator it is; empty for ONNX itself.</param>
/// <param name="Inputs">Names of the values that it takes; empty for an optional one that is left out.</param>
/// <param name="Outputs">Names of the values that it gives.</param>
/// <param name="Attributes">What is fixed about it.</param>
internal sealed record OnnxNode(
    string Type, string Domain, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyList<OnnxAttribute> Attributes);

/// <summary>What is fixed about an operator.</summary>
/// <param name="Name">Its name: <c>transB</c>.</param>
/// <param name="Numbers">Its whole numbers; empty for an attribute of another kind.</param>
internal sealed record OnnxAttribute(string Name, IReadOnlyList<long> Numbers);
