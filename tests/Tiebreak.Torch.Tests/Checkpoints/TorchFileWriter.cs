using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Tiebreak.Torch.Tests.Checkpoints;

/// <summary>Files as torch.save writes them (pickle protocol 2), with one float32 storage of 0, 1, 2 ... that all tensors share.</summary>
internal static class TorchFileWriter
{
    private static readonly byte[] Magic = [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.'];

    public static byte[] Zip(byte[] pickle, int elements)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(archive, "model/data.pkl", pickle);
            Add(archive, "model/byteorder", "little"u8.ToArray());
            Add(archive, "model/data/0", Numbers(elements));
            Add(archive, "model/version", "3\n"u8.ToArray());
        }

        return stream.ToArray();
    }

    public static byte[] Legacy(byte[] pickle, int elements)
    {
        byte[] count = new byte[8], version = [0x80, 2, (byte)'M', 0xE9, 3, (byte)'.'], system = [0x80, 2, (byte)'}', (byte)'.'];
        BinaryPrimitives.WriteInt64LittleEndian(count, elements);
        byte[] keys = [0x80, 2, (byte)']', .. Text("0"), (byte)'a', (byte)'.'];
        return [.. Magic, .. version, .. system, .. pickle, .. keys, .. count, .. Numbers(elements)];
    }

    /// <summary>A state dict: name, offset, shape, strides of each tensor.</summary>
    public static byte[] StateDict(int elements, params (string Name, int Offset, int[] Shape, int[] Strides)[] tensors)
    {
        List<byte> pickle = [0x80, 2, .. Global("collections", "OrderedDict"), (byte)')', (byte)'R', (byte)'('];
        foreach (var (name, offset, shape, strides) in tensors)
        {
            byte[] storage =
            [
                (byte)'(', .. Text("storage"), .. Global("torch", "FloatStorage"), .. Text("0"), .. Text("cpu"), .. Int(elements),
                (byte)'t', (byte)'Q',
            ];
            pickle.AddRange([.. Text(name), .. Global("torch._utils", "_rebuild_tensor_v2"), (byte)'(', .. storage, .. Int(offset),
                .. Tuple(shape), .. Tuple(strides), 0x89]);
            pickle.AddRange([.. Global("collections", "OrderedDict"), (byte)')', (byte)'R', (byte)'t', (byte)'R']);
        }

        return [.. pickle, (byte)'u', (byte)'.'];
    }

    /// <summary>A pickle that has Python run a command.</summary>
    public static byte[] Attack() => [0x80, 2, .. Global("os", "system"), .. Text("touch /tmp/owned"), 0x85, (byte)'R', (byte)'.'];

    private static void Add(ZipArchive archive, string name, byte[] content)
    {
        using var stream = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
        stream.Write(content);
    }

    private static byte[] Numbers(int elements) => [.. Enumerable.Range(0, elements).SelectMany(i => BitConverter.GetBytes((float)i))];

    private static byte[] Text(string text) => [(byte)'X', (byte)text.Length, 0, 0, 0, .. Encoding.UTF8.GetBytes(text)];

    private static byte[] Global(string module, string name) => [(byte)'c', .. Encoding.UTF8.GetBytes($"{module}\n{name}\n")];

    private static byte[] Int(int value) => [(byte)'J', .. BitConverter.GetBytes(value)];

    private static byte[] Tuple(int[] values) => [(byte)'(', .. values.SelectMany(Int), (byte)'t'];
}
