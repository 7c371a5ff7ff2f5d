using System.Text;
using Tiebreak.Core;
using ZstdSharp;

namespace Tiebreak.Data.Tests.Formats;

public sealed class ZstandardTests : IDisposable
{
    private static readonly string Text = DataFolder.TrainHeader +
        string.Concat(Enumerable.Range(0, 20_000).Select(i => DataFolder.Row($"{i}", $"[\"{i * 7919}\"]", "[\"a\"]", "[\"b\"]")));

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_frame_or_several_are_read()
    {
        Assert.Equal(20_000, BattleReader.Read(_folder.Write(Compress(Text)), DataFolder.Train).Count());
        Assert.Equal(
            20_000,
            BattleReader.Read(_folder.Write([.. Compress(Text[..500_000]), .. Compress(Text[500_000..])]), DataFolder.Train).Count());
    }

    [Fact]
    public void A_file_that_is_cut_off_or_damaged_is_named()
    {
        var bytes = Compress(Text);
        for (var length = 4; length < bytes.Length; length += 1 + (bytes.Length / 50))
            Assert.Contains("is damaged or cut off", Fail(bytes[..length]), StringComparison.Ordinal);
        Assert.Contains("is damaged or cut off", Fail(bytes[..^1]), StringComparison.Ordinal);

        bytes[bytes.Length / 2] ^= 0x55;
        Assert.NotEmpty(Fail(bytes));
    }

    [Fact]
    public void A_bomb_stops_at_the_largest_record()
    {
        using var stream = new MemoryStream();
        using (var zstd = new CompressionStream(stream, leaveOpen: true))
        {
            zstd.Write(Encoding.UTF8.GetBytes(DataFolder.TrainHeader + "1,\""));
            var zeros = new byte[1 << 20];
            zeros.AsSpan().Fill((byte)'0');
            for (var i = 0; i < 256; i++)
                zstd.Write(zeros);
        }

        Assert.Contains(
            "not closed within 4 MiB",
            Fail(stream.ToArray(), DataFolder.Train with { MaxRecordBytes = 4 << 20 }),
            StringComparison.Ordinal);
    }

    private static byte[] Compress(string text)
    {
        using var compressor = new Compressor();
        return compressor.Wrap(Encoding.UTF8.GetBytes(text)).ToArray();
    }

    private string Fail(byte[] content, BattleReadOptions? options = null) =>
        Assert.Throws<InputException>(() => BattleReader.Read(_folder.Write(content), options ?? DataFolder.Train).Count()).Message;
}
