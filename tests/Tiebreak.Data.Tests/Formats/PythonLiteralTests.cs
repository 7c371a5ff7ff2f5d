using CsCheck;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Layouts;

namespace Tiebreak.Data.Tests.Formats;

/// <summary>Cells that a data frame has saved as Python writes them.</summary>
public sealed class PythonLiteralTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("['a', \"it's\", None]", new[] { "a", "it's", null })]
    [InlineData("['a' 'b'\n 'c']", new[] { "a", "b", "c" })]
    [InlineData("array(['a', 'b'], dtype=object)", new[] { "a", "b" })]
    [InlineData("array(['a'])", new[] { "a" })]
    [InlineData("('a',)", new[] { "a" })]
    [InlineData("[]", new string[0])]
    [InlineData(@"['\n\t\'\\ \x41\u00e9\U0001f600\q']", new[] { "\n\t'\\ Aé😀\\q" })]
    public void Lists_of_texts_are_read(string text, string?[] expected)
    {
        Assert.True(PythonLiteral.TryRead(text, out var value));
        Assert.Equal(expected, Assert.IsType<List<object?>>(value));
    }

    [Theory]
    [InlineData("['a'")]
    [InlineData("['a]")]
    [InlineData("['a'] x")]
    [InlineData("[foo()]")]
    [InlineData("{'a': 1, 'a': 2}")]
    [InlineData("{'a' 1}")]
    [InlineData("array(['a'], ")]
    [InlineData(@"['\x4")]
    [InlineData("")]
    public void Anything_else_is_not(string text) => Assert.False(PythonLiteral.TryRead(text, out _));

    [Fact]
    public void Nesting_without_end_is_no_crash() => Assert.False(PythonLiteral.TryRead(new string('[', 1_000_000), out _));

    [Fact]
    public void No_text_breaks_it() => Gen.String[Gen.Char["[](){}'\",:\\ naux1"], 0, 30].Sample(text =>
    {
        PythonLiteral.TryRead(text, out _);
    });

    [Theory]
    [InlineData("""[{""role"": ""user"", ""content"": ""Hi""}, {""role"": ""assistant"", ""content"": ""it's @""}]""")]
    [InlineData("""[{'content': 'Hi', 'role': 'user'}, {'content': ""it's @"", 'role': 'assistant'}]""")]
    [InlineData("""[{'content': 'Hi', 'role': 'user'}\n {'content': 'it\'s @', 'role': 'assistant'}]""")]
    [InlineData("""array([{'content': 'Hi', 'role': 'user'}, {'content': 'it\'s @', 'role': 'assistant'}],\n      dtype=object)""")]
    public void Conversations_in_cells_are_read(string cell)
    {
        cell = cell.Replace(@"\n", "\n", StringComparison.Ordinal);
        var path = _folder.Write("question_id,model_a,model_b,winner,conversation_a,conversation_b,turn,anony,tstamp\n"
            + $"q,x,y,model_b,\"{cell.Replace('@', 'A')}\",\"{cell.Replace('@', 'B')}\",1,True,1688317200\n");

        var battle = Assert.Single(BattleSet.Load([path], DataFolder.Train).Battles);

        Assert.Equal([new Turn("Hi", "it's A", "it's B")], battle.Turns);
    }

    [Theory]
    [InlineData("Say hi", "[1] hi", "hello", new[] { "Say hi", "[1] hi", "hello" })]
    [InlineData("['Say hi']", "['hi']", "[\"\"it's\"\"]", new[] { "Say hi", "hi", "it's" })]
    [InlineData("[\"\"Say hi\"\"]", "", "[\"\"x\"\"]", null)]
    [InlineData("[\"\"Say hi\"\"]", "[\"\"hi", "[\"\"x\"\"]", null)]
    [InlineData("", "", "", new string?[] { null, null, null })]
    public void Cells_of_the_competition_are_lists_or_plain_texts(string prompt, string a, string b, string?[]? expected)
    {
        var row = string.Join(',', new[] { prompt, a, b }.Select(cell => cell.Length == 0 ? "" : $"\"{cell}\""));
        foreach (var header in new[] { DataFolder.TrainHeader, "id,model_a,model_b,prompt,response_a,response_b,winner,x,y\n" })
        {
            var label = string.Equals(header, DataFolder.TrainHeader, StringComparison.Ordinal) ? "1,0,0" : "A,,";
            var read = Assert.Single(BattleReader.Read(_folder.Write($"{header}1,x,y,{row},{label}\n"), DataFolder.Train));
            Assert.Equal(
                expected, read.Battle?.Turns.SelectMany(turn => new[] { turn.Prompt, turn.ResponseA, turn.ResponseB }));
        }
    }
}
