using System.Buffers.Binary;
using Tiebreak.Core;
using Tiebreak.Testing;
using Tiebreak.Torch.Checkpoints;
using TorchSharp;

namespace Tiebreak.Torch.Tests.Checkpoints;

public sealed class TorchFileTests : IDisposable
{
    private static readonly byte[] Good = TorchFileWriter.StateDict(
        12, ("w", 2, [2, 3], [3, 1]), ("transposed", 0, [3, 2], [1, 3]), ("wide", 5, [4, 1], [0, 1]));

    private readonly TemporaryFolder _folder = new();

    public TorchFileTests() => TorchRuntime.Start();

    public static TheoryData<bool> Formats => [true, false];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Formats))]
    public void Tensors_are_read(bool zip)
    {
        using var scope = torch.NewDisposeScope();
        using var checkpoint = Open(Good, zip);

        Assert.Equal([2f, 3, 4, 5, 6, 7], checkpoint.Load("w").data<float>().ToArray());
        Assert.Equal([0f, 3, 1, 4, 2, 5], checkpoint.Load("transposed").data<float>().ToArray());
        Assert.Equal([5f, 5, 5, 5], checkpoint.Load("wide").data<float>().ToArray());
        Assert.Equal(0, checkpoint.CountNonFinite("wide"));
        Assert.False(checkpoint["transposed"].IsContiguous);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_pickle_that_calls_something_is_refused_by_name(bool zip)
    {
        var exception = Assert.Throws<InputException>(() => Open(TorchFileWriter.Attack(), zip));
        Assert.Contains("it asks for os.system", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, new[] { 13 }, new[] { 1 })]
    [InlineData(12, new[] { 1 }, new[] { 1 })]
    [InlineData(-1, new[] { 1 }, new[] { 1 })]
    [InlineData(0, new[] { 2 }, new[] { -1 })]
    [InlineData(0, new[] { 2, 2 }, new[] { int.MaxValue, int.MaxValue })]
    [InlineData(0, new[] { -3 }, new[] { 1 })]
    public void A_tensor_outside_its_storage_is_refused(int offset, int[] shape, int[] strides) =>
        Assert.Throws<InputException>(() => Open(TorchFileWriter.StateDict(12, ("w", offset, shape, strides)), zip: true));

    /// <summary>
    /// Found by fuzzing: of two sizes of one storage only the last was compared with the file, and the first let a tensor lie behind its
    /// end.
    /// </summary>
    [Theory]
    [MemberData(nameof(Formats))]
    public void A_storage_that_has_two_sizes_is_refused(bool zip)
    {
        var pickle = TorchFileWriter.StateDict(12, ("beyond", 0, [1200], [1]), ("w", 0, [12], [1]));
        var size = pickle.AsSpan().IndexOf((byte[])[(byte)'J', 12, 0, 0, 0]); // of the first tensor's storage
        BinaryPrimitives.WriteInt32LittleEndian(pickle.AsSpan(size + 1), 1200);

        Assert.Throws<InputException>(() => Open(pickle, zip));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_truncated_file_is_refused(bool zip)
    {
        var file = zip ? TorchFileWriter.Zip(Good, 12) : TorchFileWriter.Legacy(Good, 12);
        for (var length = 1; length < file.Length; length += 7)
        {
            File.WriteAllBytes(_folder["pytorch_model.bin"], file[..length]);
            Assert.Throws<InputException>(() => Checkpoint.Open(_folder.Path));
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_damaged_file_is_read_or_refused(bool zip) => Fuzz(zip, seconds: 1);

    [SlowTheory]
    [MemberData(nameof(Formats))]
    public void A_damaged_file_is_read_or_refused_for_long(bool zip) => Fuzz(zip, FuzzTime.LongSeconds);

    private void Fuzz(bool zip, int seconds) => Fuzzing.Run(
        zip ? "pickles in a zip" : "pickles in a row",
        zip ? TorchFileWriter.Zip(Good, 12) : TorchFileWriter.Legacy(Good, 12),
        bytes =>
        {
            var path = _folder[$"{Guid.NewGuid():N}.bin"];
            File.WriteAllBytes(path, bytes);
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

            File.Delete(path);
        },
        seconds);

    private Checkpoint Open(byte[] pickle, bool zip)
    {
        File.WriteAllBytes(_folder["pytorch_model.bin"], zip ? TorchFileWriter.Zip(pickle, 12) : TorchFileWriter.Legacy(pickle, 12));
        return Checkpoint.Open(_folder.Path);
    }
}
