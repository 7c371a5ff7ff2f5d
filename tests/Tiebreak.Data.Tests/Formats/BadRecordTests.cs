namespace Tiebreak.Data.Tests.Formats;

/// <summary>Rows of public sets that are not as they should be.</summary>
public sealed class BadRecordTests : IDisposable
{
    private const string Arena =
        """{"question_id":"q0","model_a":"x","model_b":"y","winner":"tie","anony":true,"conversation_a":[{"role":"user","content":"p"},{"role":"assistant","content":"a"}],"conversation_b":[{"role":"user","content":"p"},{"role":"assistant","content":"b"}]}""";

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("\"winner\":\"tie\"", "\"winner\":\"perhaps\"", "has the unknown winner \"perhaps\"")]
    [InlineData("\"winner\":\"tie\"", "\"winner\":null", "has no label, which training needs")]
    [InlineData("\"winner\":\"tie\"", "\"winner\":[1]", "has a \"winner\" that is not a text")]
    [InlineData("\"winner\":\"tie\"", "\"winner\":\"tie\",\"winner\":\"model_b\"", "has \"winner\" twice")]
    [InlineData("\"content\":\"b\"}]", "\"content\":\"b\",\"content\":\"c\"}]", "has \"content\" twice")]
    [InlineData("\"content\":\"b\"}]", "\"content\":\"b\"}", "is not valid JSON")]
    [InlineData(
        "\"role\":\"assistant\",\"content\":\"b\"",
        "\"role\":\"judge\",\"content\":\"b\"",
        "has a message in \"conversation_b\" that is no object with a known role and content")]
    [InlineData("\"conversation_b\"", "\"conversation_c\"", "has no \"conversation_b\"")]
    [InlineData(
        "[{\"role\":\"user\",\"content\":\"p\"},{\"role\":\"assistant\",\"content\":\"b\"}]",
        "\"p\"",
        "has a \"conversation_b\" that is not a list of messages")]
    [InlineData(
        "[{\"role\":\"user\",\"content\":\"p\"},{\"role\":\"assistant\",\"content\":\"b\"}]",
        "[{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"assistant\",\"content\":\"b\"}]",
        "has different prompts on its two sides in turn 1")]
    public void A_bad_row_is_reported_with_its_place(string from, string to, string reason)
    {
        var row = Arena.Replace("q0", "q1", StringComparison.Ordinal).Replace(from, to, StringComparison.Ordinal);

        var lines = BattleReader.Read(_folder.Write($"{Arena}\n\n{row}\n"), DataFolder.Train).ToList();
        var test = BattleReader.Read(_folder.Write($"{Arena}\n{row}\n"), DataFolder.Test).ToList();

        Assert.Null(lines[0].Problem);
        Assert.Equal(3, lines[1].Problem!.Line);
        Assert.Contains(reason, lines[1].Problem!.Reason, StringComparison.Ordinal);
        Assert.Null(lines[1].Battle);
        Assert.Equal("q1", test[1].Battle!.Id);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("03/04/2024")]
    public void A_time_that_cannot_be_read_loses_no_row_and_is_said_once(string time)
    {
        var row = Arena.Replace("\"tie\",", $"\"tie\",\"tstamp\":\"{time}\",", StringComparison.Ordinal);

        var set = BattleSet.Load([_folder.Write($"{row}\n{row.Replace("q0", "q1", StringComparison.Ordinal)}\n")], DataFolder.Train);

        Assert.Equal([null, null], set.Battles.Select(battle => battle.Timestamp));
        Assert.Empty(set.Problems);
        Assert.Single(set.Notices, notice => notice.Contains($"times such as \"{time}\" cannot be read", StringComparison.Ordinal));
    }

    [Fact]
    public void A_bad_element_of_a_list_has_the_line_on_which_it_starts()
    {
        var rows = BattleReader.Read(_folder.Write($"[\n{Arena},\n\n  {{\"question_id\":\n\"q1\"}}, {Arena}]"), DataFolder.Train).ToList();

        Assert.Equal([null, 4L, null], rows.Select(row => row.Problem?.Line));
    }

    [Fact]
    public void A_nested_bomb_is_a_problem_and_no_crash()
    {
        var bomb = $"{Arena[..^1]},\"conversation_a\":{new string('[', 1_000_000)}";

        Assert.Contains(
            "is not valid JSON",
            BattleReader.Read(_folder.Write($"{Arena}\n{bomb}\n{Arena}"), DataFolder.Train).ElementAt(1).Problem!.Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_of_50_megabytes_is_read()
    {
        var text = new string('x', 50_000_000);
        var path = _folder.Write($"[{Arena.Replace("\"b\"", $"\"{text}\"", StringComparison.Ordinal)}]");

        Assert.Equal(text, Assert.Single(BattleReader.Read(path, DataFolder.Train)).Battle!.Turns[0].ResponseB);
        Assert.Contains("the element that starts on line 1 is larger than 1 MiB", Assert.Throws<Core.InputException>(() =>
            BattleReader.Read(path, DataFolder.Train with { MaxRecordBytes = 1 << 20 }).Count()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void A_list_is_the_same_in_blocks_of_any_size(string end)
    {
        var text = $"\uFEFF [{end}{Arena},{end} {{\"question_id\":\"a]\\\"}},\\\\\",{end}\"winner\":\"x\"}} ,1,\"]\\\"\",{end}null , "
            + $"[[{end}]], {Arena}{end}]{end} ";
        var path = _folder.Write(text);
        var expected = Read(path, 1 << 20);

        Assert.Equal(7, expected.Count);
        Assert.Equal([2L, 3, 4, 4, 5, 5, 6], BattleReader.Read(path, DataFolder.Train).Select(row => row.Line));
        for (var blockBytes = 1; blockBytes < 64; blockBytes++)
            Assert.Equal(expected, Read(path, blockBytes));
    }

    private static List<string> Read(string path, int blockBytes) =>
        [.. BattleReader.Read(path, DataFolder.Train with { BlockBytes = blockBytes })
            .Select(row => $"{row.Line} {row.Problem} {row.Battle?.Turns[0]}")];
}
