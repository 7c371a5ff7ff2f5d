using System.Text;

namespace Tiebreak.Data.Tests;

/// <summary>Neither the number of threads nor the size of the blocks changes what is read.</summary>
public sealed class InvarianceTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(BattlePurpose.Train)]
    [InlineData(BattlePurpose.Test)]
    public void Csv_is_the_same_in_blocks_of_any_size_on_any_number_of_threads(BattlePurpose purpose)
    {
        var text = new StringBuilder("\uFEFF\r\n").Append(DataFolder.TrainHeader);
        for (var i = 0; i < 20; i++)
        {
            text.Append(DataFolder.Row(
                $"{i}", "[\"a \\\"quoted\\\" \u4f60\u597d\\n\",null]", "[\"\",\"x,y\\r\"]", "[null,\"\\ud83d\\ude00\\ud83d\"]"));
            text.Append(i % 3 == 0 ? "\r" : "\n\r\n");
            text.Append(i % 4 == 0 ? $"b{i},\"x\r\n\ry\",\"\"\"\",plain,[],\"[\"\"\n\"\"]\",1,1\r" : "");
        }

        SameForAll(text.ToString(), purpose);
    }

    [Fact]
    public void Json_lines_are_the_same_in_blocks_of_any_size_on_any_number_of_threads()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 20; i++)
        {
            text.Append(i % 2 == 0 ? "" : "\r\n\n");
            text
                .Append("{\"id\":")
                .Append(i)
                .Append(""","prompt":["p\"\n",null],"response_a":["a","\u00e9"],"response_b":["b",null],"winner":"tie"}""")
                .Append(i % 3 == 0 ? "\r" : i % 3 == 1 ? "\r\n" : "\n");
            text.Append(i % 5 == 0 ? "{\"id\":\"broken\n" : "");
        }

        SameForAll(text.ToString(), BattlePurpose.Test);
    }

    private void SameForAll(string text, BattlePurpose purpose)
    {
        var path = _folder.Write(Encoding.UTF8.GetBytes(text));
        var expected = Read(path, 1, 1 << 20, purpose);
        Assert.True(expected.Count >= 20);
        for (var blockBytes = 1; blockBytes <= 64; blockBytes++)
            Assert.Equal(expected, Read(path, 1 + (blockBytes % 4), blockBytes, purpose));
        foreach (var blockBytes in new[] { 100, 333, 1000, 4096 })
            Assert.Equal(expected, Read(path, 3, blockBytes, purpose));
    }

    private static List<string> Read(string path, int threads, int blockBytes, BattlePurpose purpose) =>
        [.. BattleReader.Read(path, new BattleReadOptions { Threads = threads, BlockBytes = blockBytes, Purpose = purpose })
            .Select(Describe)];

    private static string Describe(BattleRow row)
    {
        var battle = row.Battle;
        return $"{row.Line} {row.Problem} {battle} {string.Join('|', battle?.Turns.Select(turn => turn.ToString()) ?? [])} {battle?.Verdict}";
    }
}
