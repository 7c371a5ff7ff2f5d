using System.Text;

namespace Tiebreak.Benchmarks;

/// <summary>
/// A Llama of <see cref="RandomLlama.HalfBillion"/>'s shape with random weights as a GGUF file
/// (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md), for llama.cpp.
/// </summary>
internal sealed class GgufLlama
{
    /// <summary>How weights can be stored, by the names that llama.cpp gives them.</summary>
    public static readonly string[] Formats = ["bf16", "q8_0", "q4_0"];

    private const int Vocabulary = 1000;
    private const int Hidden = 2048;
    private const int Inner = 8192;
    private const int KeySize = 512;
    private const int Layers = 8;
    private const int Heads = 32;
    private const int KeyHeads = 8;
    private const int Alignment = 32;

    // Types of values, and of tensors.
    private const uint Unsigned = 4;
    private const uint Signed = 5;
    private const uint Real = 6;
    private const uint Text = 8;
    private const uint List = 9;
    private const uint Float32 = 0;

    private readonly BinaryWriter _file;
    private readonly Block _block;
    private readonly Random _random = new(7);

    private GgufLlama(BinaryWriter file, Block block) => (_file, _block) = (file, block);

    /// <summary>Writes the file.</summary>
    /// <param name="path">Is replaced.</param>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    public static void Write(string path, string format)
    {
        using var file = new BinaryWriter(File.Create(path), Encoding.UTF8);
        new GgufLlama(file, format switch
        {
            "bf16" => new Block(Type: 30, Numbers: 1, Bytes: 2, Scale: null),
            "q8_0" => new Block(Type: 8, Numbers: 32, Bytes: 34, Scale: (Half)0.0003),
            "q4_0" => new Block(Type: 2, Numbers: 32, Bytes: 18, Scale: (Half)0.004),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, message: null),
        }).Write();
    }

    private static IEnumerable<GgufTensor> Tensors()
    {
        yield return new("token_embd.weight", Hidden, Vocabulary);
        yield return new("output_norm.weight", Hidden);
        yield return new("output.weight", Hidden, Vocabulary);
        for (var layer = 0; layer < Layers; layer++)
        {
            yield return new($"blk.{layer}.attn_norm.weight", Hidden);
            yield return new($"blk.{layer}.attn_q.weight", Hidden, Hidden);
            yield return new($"blk.{layer}.attn_k.weight", Hidden, KeySize);
            yield return new($"blk.{layer}.attn_v.weight", Hidden, KeySize);
            yield return new($"blk.{layer}.attn_output.weight", Hidden, Hidden);
            yield return new($"blk.{layer}.ffn_norm.weight", Hidden);
            yield return new($"blk.{layer}.ffn_gate.weight", Hidden, Inner);
            yield return new($"blk.{layer}.ffn_up.weight", Hidden, Inner);
            yield return new($"blk.{layer}.ffn_down.weight", Inner, Hidden);
        }
    }

    private void Write()
    {
        (string Key, uint Value)[] sizes =
        [
            ("llama.block_count", Layers),
            ("llama.context_length", 4096),
            ("llama.embedding_length", Hidden),
            ("llama.feed_forward_length", Inner),
            ("llama.attention.head_count", Heads),
            ("llama.attention.head_count_kv", KeyHeads),
            ("llama.rope.dimension_count", Hidden / Heads),
            ("tokenizer.ggml.bos_token_id", 1),
            ("tokenizer.ggml.eos_token_id", 2),
        ];
        GgufTensor[] tensors = [.. Tensors()];
        _file.Write("GGUF"u8);
        _file.Write(3u);
        _file.Write((ulong)tensors.Length);
        _file.Write((ulong)sizes.Length + 7);
        Value("general.architecture", Text, () => String("llama"));
        Value("tokenizer.ggml.model", Text, () => String("llama"));
        Value("llama.attention.layer_norm_rms_epsilon", Real, () => _file.Write(1e-5f));
        Value("llama.rope.freq_base", Real, () => _file.Write(500_000f));
        foreach (var (key, value) in sizes)
            Value(key, Unsigned, () => _file.Write(value));
        Values("tokenizer.ggml.tokens", Text, token => String(Token(token)));
        Values("tokenizer.ggml.scores", Real, token => _file.Write(-(float)token));
        Values("tokenizer.ggml.token_type", Signed, token => _file.Write(TokenType(token)));

        var offset = 0L;
        foreach (var tensor in tensors)
        {
            String(tensor.Name);
            _file.Write((uint)tensor.Sizes.Length);
            foreach (var size in tensor.Sizes)
                _file.Write((ulong)size);
            _file.Write(tensor.IsMatrix ? _block.Type : Float32);
            _file.Write((ulong)offset);
            offset += (BytesOf(tensor) + Alignment - 1) / Alignment * Alignment;
        }

        foreach (var tensor in tensors)
        {
            Pad();
            _file.Write(Content(tensor));
        }

        Pad();
    }

    private long BytesOf(GgufTensor tensor) =>
        tensor.IsMatrix ? tensor.Count / _block.Numbers * _block.Bytes : tensor.Count * sizeof(float);

    private byte[] Content(GgufTensor tensor)
    {
        var bytes = new byte[BytesOf(tensor)];
        if (!tensor.IsMatrix)
        {
            for (var i = 0; i < bytes.Length; i += sizeof(float))
                _ = BitConverter.TryWriteBytes(bytes.AsSpan(i), 1f);
            return bytes;
        }

        _random.NextBytes(bytes);
        for (var i = 0; i < bytes.Length; i += _block.Bytes)
        {
            _ = _block.Scale is { } scale
                ? BitConverter.TryWriteBytes(bytes.AsSpan(i), scale)
                : BitConverter.TryWriteBytes(
                    bytes.AsSpan(i), (ushort)(BitConverter.SingleToUInt32Bits((_random.NextSingle() - 0.5f) * 0.06f) >> 16));
        }

        return bytes;
    }

    private void Value(string key, uint type, Action write)
    {
        String(key);
        _file.Write(type);
        write();
    }

    private void Values(string key, uint type, Action<int> write) => Value(key, List, () =>
    {
        _file.Write(type);
        _file.Write((ulong)Vocabulary);
        for (var token = 0; token < Vocabulary; token++)
            write(token);
    });

    // A tokenizer of SentencePiece must have the bytes.
    private static string Token(int token) => token switch
    {
        0 => "<unk>",
        1 => "<s>",
        2 => "</s>",
        < 259 => $"<0x{token - 3:X2}>",
        _ => $"t{token}",
    };

    private static int TokenType(int token) => token switch { 0 => 2, < 3 => 3, < 259 => 6, _ => 1 };

    private void String(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        _file.Write((ulong)bytes.Length);
        _file.Write(bytes);
    }

    private void Pad()
    {
        while (_file.BaseStream.Position % Alignment != 0)
            _file.Write((byte)0);
    }

    /// <summary>How numbers of a matrix are stored.</summary>
    /// <param name="Type">The format's number of the type.</param>
    /// <param name="Numbers">Numbers of a block.</param>
    /// <param name="Bytes">Bytes of a block.</param>
    /// <param name="Scale">What a block begins with; null: it is a number of bfloat16.</param>
    private sealed record Block(uint Type, int Numbers, int Bytes, Half? Scale);

    private sealed record GgufTensor(string Name, params int[] Sizes)
    {
        public bool IsMatrix => Sizes.Length > 1;

        public long Count => Sizes.Aggregate(1L, (count, size) => count * size);
    }
}
