using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tiebreak.Transformers.Judges.Bundling;

/// <summary>
/// A file of a base model, as a bundle remembers it. Reading 20 GB whenever a judge is opened would take longer than many a prediction: of
/// large files a sample is hashed, which no other checkpoint, fine-tuned or cut short, has. Damage between the samples shows in the check
/// rows, which every weight has a part in.
/// </summary>
/// <param name="Name">Its name in the model's folder.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">
/// SHA-256 of the length (64-bit, little-endian) and of the bytes: up to 4 MiB all of them, beyond that the first 1 MiB and 48 blocks of 64
/// KiB, evenly spread to the end. Lower-case hexadecimal.
/// </param>
internal sealed record BaseModelFile(string Name, long Bytes, string Sha256)
{
    private const int WholeBytes = 4 << 20;
    private const int FirstBytes = 1 << 20;
    private const int BlockBytes = 64 << 10;
    private const int Blocks = 48;

    public static BaseModelFile Of(string path)
    {
        using var file = File.OpenHandle(path);
        var length = RandomAccess.GetLength(file);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(number, length);
        hash.AppendData(number);
        if (length <= WholeBytes)
        {
            Append(0, (int)length);
        }
        else
        {
            Append(0, FirstBytes);
            for (var block = 1; block <= Blocks; block++)
                Append((long)((Int128)(length - BlockBytes) * block / Blocks), BlockBytes);
        }

        return new BaseModelFile(Path.GetFileName(path), length, Convert.ToHexStringLower(hash.GetHashAndReset()));

        void Append(long offset, int count)
        {
            var bytes = new byte[count];
            for (var read = 0; read < count;)
            {
                var now = RandomAccess.Read(file, bytes.AsSpan(read), offset + read);
                if (now == 0)
                    throw new EndOfStreamException($"{path} became shorter while it was read.");
                read += now;
            }

            hash.AppendData(bytes);
        }
    }
}
