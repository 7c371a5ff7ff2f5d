using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Tiebreak.Core;
using Tiebreak.Testing;
using Tiebreak.Torch.Checkpoints;
using TorchSharp;

namespace Tiebreak.Torch.Tests.Checkpoints;

public sealed class SafetensorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SafetensorsTests() => TorchRuntime.Start();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read()
    {
        using var scope = torch.NewDisposeScope();
        var tensors = Enum.GetValues<DType>().ToDictionary(
            type => $"t.{type}", type => torch.tensor([0, 1, 2, 3, 1, 0]).reshape(2, 3).to(type.ToScalarType()), StringComparer.Ordinal);
        tensors["scalar"] = torch.tensor(3.5f);
        tensors["empty"] = torch.zeros(0, 4);
        SafetensorsWriter.Write(_folder["a.safetensors"], tensors);

        using var checkpoint = Checkpoint.Open(_folder["a.safetensors"]);
        Assert.Equal(tensors.Count, checkpoint.Entries.Count);
        Assert.All(tensors, tensor =>
        {
            Assert.True(AreEqual(tensor.Value, checkpoint.View(tensor.Key)), tensor.Key);
            Assert.True(AreEqual(tensor.Value, checkpoint.Load(tensor.Key)), tensor.Key);
        });
        Assert.Equal(torch.ScalarType.Float64, checkpoint.Load("t.BFloat16", DType.Float64).dtype);
    }

    [Fact]
    public void A_view_is_not_a_copy()
    {
        using var scope = torch.NewDisposeScope();
        SafetensorsWriter.Write(
            _folder["a.safetensors"],
            new Dictionary<string, torch.Tensor>(StringComparer.Ordinal) { ["x"] = torch.arange(1000, dtype: torch.float32) });
        using var checkpoint = Checkpoint.Open(_folder["a.safetensors"]);

        Assert.True(SharesMemory(checkpoint.View("x"), checkpoint.View("x")));
        Assert.False(SharesMemory(checkpoint.View("x"), checkpoint.Load("x")));
    }

    [Theory]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""",
        "names the tensor a twice")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""",
        "the tensors a and b overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[12,20]}}""", "is truncated: tensor a")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "does not fill its 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "does not fill its 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296,2],"data_offsets":[0,8]}}""", "does not fill its 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "impossible place 8 to 0")]
    [InlineData("""{"a":{"dtype":"F8_E5M2","shape":[2],"data_offsets":[0,2]}}""", "the dtype F8_E5M2, which Tiebreak does not read")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", "tensor a lacks its dtype, shape or data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", "expected a whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[[[[[2]]]]],"data_offsets":[0,8]}}""", "is not the JSON that it should be")]
    [InlineData("""[1]""", "is not the JSON that it should be")]
    [InlineData("""{} {}""", "is not the JSON that it should be")]
    public void A_hostile_header_is_refused(string header, string cause) => Refused(File(header, dataBytes: 16), cause);

    [Fact]
    public void A_header_of_impossible_length_is_refused()
    {
        Refused([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, (byte)'{'], "is no safetensors file");
        Refused([100, 0, 0, 0, 0, 0, 0, 0, (byte)'{'], "is truncated");
        Refused([1, 2, 3], "is no safetensors file");
    }

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n", "is a pointer of git-LFS")]
    [InlineData("<!DOCTYPE html><html>", "is a web page")]
    [InlineData("\n<html>", "is a web page")]
    [InlineData("", "is empty")]
    public void Something_else_in_its_place_is_named(string content, string cause) => Refused(Encoding.UTF8.GetBytes(content), cause);

    [Fact]
    public void A_damaged_file_is_read_or_refused() => Fuzz(seconds: 1);

    [SlowFact]
    public void A_damaged_file_is_read_or_refused_for_long() => Fuzz(FuzzTime.LongSeconds);

    private static bool AreEqual(torch.Tensor expected, torch.Tensor actual) =>
        expected.dtype == actual.dtype && expected.shape.SequenceEqual(actual.shape) && expected.bytes.SequenceEqual(actual.bytes);

    private static bool SharesMemory(torch.Tensor one, torch.Tensor other) =>
        Unsafe.AreSame(ref MemoryMarshal.GetReference(one.bytes), ref MemoryMarshal.GetReference(other.bytes));

    private static byte[] File(string header, int dataBytes)
    {
        var bytes = new byte[8 + Encoding.UTF8.GetByteCount(header) + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Encoding.UTF8.GetBytes(header, bytes.AsSpan(8)));
        return bytes;
    }

    private void Fuzz(int seconds)
    {
        var good = File(
            """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"__metadata__":{"format":"pt"},"b":{"dtype":"BF16","shape":[2,2],"data_offsets":[8,16]}}""",
            16);
        Fuzzing.Run("safetensors", good, bytes =>
        {
            var path = _folder[$"{Guid.NewGuid():N}.safetensors"];
            System.IO.File.WriteAllBytes(path, bytes);
            try
            {
                using var checkpoint = Checkpoint.Open(path);
                foreach (var entry in checkpoint.Entries)
                    _ = checkpoint.CountNonFinite(entry.Name);
            }
            catch (InputException)
            {
                // Refused in a sentence.
            }

            System.IO.File.Delete(path);
        }, seconds);
    }

    private void Refused(byte[] content, string cause)
    {
        System.IO.File.WriteAllBytes(_folder["model.safetensors"], content);
        var exception = Assert.Throws<InputException>(() => Checkpoint.Open(_folder.Path));
        Assert.Contains(cause, exception.Message, StringComparison.Ordinal);
        Assert.Contains("model.safetensors", exception.Message, StringComparison.Ordinal);
    }
}
