using System.Text;
using CsCheck;
using Tiebreak.Core;

namespace Tiebreak.Data.Tests;

/// <summary>Whatever the bytes are, reading ends with rows, problems or a sentence, never with another exception.</summary>
public sealed class FuzzTests : IDisposable
{
    private static readonly string[] Pieces =
        [
            "\"", "\"\"", ",", "\n", "\r", "\r\n", "[", "]", "[]", "null", "[null]", "\"[\"\"x\"\"]\"", "\\", "\\\\", "\\\"\"", "\\u",
            "\\ud83d", "\\u00e9", "é", "😀", "\0", "\t", " ", "a", "{", "}", "1", "0", "1,0,0\n", ":", "\"id\"", "{\"id\":1",
        ];

    private static readonly Gen<byte[]> Csv =
        Gen.OneOf(Gen.OneOf(Pieces).Select(Encoding.UTF8.GetBytes), Gen.Byte.Array[0, 3])
            .Array[0, 40].Select(parts => parts.SelectMany(part => part).ToArray());

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Random_csv_is_read_or_refused() => Fuzz(bytes => [.. Encoding.UTF8.GetBytes(DataFolder.TestHeader), .. bytes]);

    [Fact]
    public void Random_json_lines_are_read_or_refused() =>
        Fuzz(bytes => [.. """{"id":1,"prompt":["p"],"response_a":["a"],"response_b":[null]}"""u8, (byte)'\n', .. bytes]);

    [Fact]
    public void Random_files_are_read_or_refused() => Fuzz(bytes => bytes);

    [Fact]
    public void A_damaged_gzip_is_read_or_refused()
    {
        var gzip = DataFolder.Gzip(DataFolder.TrainHeader + DataFolder.TrainRow + DataFolder.TrainRow);
        Fuzz(bytes =>
        {
            var damaged = gzip.ToArray();
            for (var i = 0; i + 1 < bytes.Length; i += 2)
                damaged[bytes[i] % damaged.Length] ^= bytes[i + 1];
            return damaged;
        });
    }

    private void Fuzz(Func<byte[], byte[]> file) => Csv.Sample(
        bytes =>
        {
            var path = _folder.Write(file(bytes), Guid.NewGuid().ToString("N"));
            var small = Read(path, DataFolder.Test with { BlockBytes = 5, MaxRecordBytes = 200, Threads = 1 });
            var large = Read(path, DataFolder.Test with { MaxRecordBytes = 200, Threads = 1 });
            File.Delete(path);
            Assert.Equal(large, small);
        },
        time: 1,
        threads: 2);

    private static List<string> Read(string path, BattleReadOptions options)
    {
        var rows = new List<string>();
        try
        {
            foreach (var row in BattleReader.Read(path, options))
                rows.Add($"{row.Line} {row.Problem} {row.Battle}");
        }
        catch (InputException exception)
        {
            rows.Add(exception.Message);
        }

        return rows;
    }
}
