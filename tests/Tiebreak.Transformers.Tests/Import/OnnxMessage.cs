using System.Runtime.InteropServices;
using System.Text;

namespace Tiebreak.Transformers.Tests.Import;

/// <summary>Writes protocol buffer messages of onnx.proto, field by field and apart from Tiebreak's reader.</summary>
internal sealed class OnnxMessage
{
    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public OnnxMessage Number(int field, long value)
    {
        Varint((ulong)field << 3);
        Varint((ulong)value);
        return this;
    }

    public OnnxMessage Bytes(int field, ReadOnlySpan<byte> content)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)content.Length);
        _bytes.AddRange(content);
        return this;
    }

    public OnnxMessage Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    /// <summary>A whole file around a graph.</summary>
    public static byte[] Model(OnnxMessage graph) => new OnnxMessage().Number(1, 8).Text(2, "pytorch").Bytes(7, graph.ToArray()).ToArray();

    /// <summary>A stored tensor of float32.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="values">Its elements.</param>
    /// <param name="isRaw">As bytes; else as a list of floats.</param>
    public static byte[] Tensor(string name, long[] shape, float[] values, bool isRaw = true)
    {
        var tensor = new OnnxMessage();
        if (isRaw)
        {
            foreach (var size in shape)
                tensor.Number(1, size);
        }
        else
        {
            tensor.Bytes(1, Array.ConvertAll(shape, checked(size => (byte)size))); // packed; below 128 a number is one byte
        }

        return tensor.Number(2, 1).Text(8, name).Bytes(isRaw ? 9 : 4, MemoryMarshal.AsBytes<float>(values)).ToArray();
    }

    /// <summary>An operator.</summary>
    public static byte[] Node(string type, string[] inputs, string output, string domain = "", params byte[][] attributes)
    {
        var node = new OnnxMessage();
        foreach (var input in inputs)
            node.Text(1, input);
        node.Text(2, output).Text(4, type).Text(7, domain);
        foreach (var attribute in attributes)
            node.Bytes(5, attribute);
        return node.ToArray();
    }

    /// <summary>An attribute that is one whole number.</summary>
    public static byte[] Attribute(string name, long value) => new OnnxMessage().Text(1, name).Number(20, 2).Number(3, value).ToArray();

    /// <summary>An attribute that is a list of whole numbers.</summary>
    public static byte[] Attribute(string name, long[] values)
    {
        var attribute = new OnnxMessage().Text(1, name).Number(20, 7);
        foreach (var value in values)
            attribute.Number(8, value);
        return attribute.ToArray();
    }

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.Add((byte)(value | 0x80));
        _bytes.Add((byte)value);
    }
}
