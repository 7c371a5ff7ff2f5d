using Tiebreak.Core;
using Tiebreak.Data.PublicSets;
using Tiebreak.Testing;

namespace Tiebreak.Data.Tests.PublicSets;

public sealed class SourceNoteTests
{
    [Fact]
    public void Rows_that_name_no_source_take_it_from_the_note_beside_their_file()
    {
        using var folder = new TemporaryFolder();
        var battles = SyntheticBattles.Create(2);
        BattleWriter.WriteJsonl(
            folder["mixed.jsonl"],
            [battles[0] with { Source = "own", License = "MIT" }, battles[1] with { Source = null, License = null }]);
        var note = new SourceNote("a/set", "CC BY 4.0", "c0ffee");
        note.WriteBeside(folder["mixed.jsonl"]);

        Assert.Equal(note, SourceNote.Beside(folder["mixed.jsonl"]));
        Assert.Null(SourceNote.Beside(folder["other.jsonl"]));
        Assert.Equal(
            [("own", "MIT"), ("a/set", "CC BY 4.0")],
            BattleSet.Load([folder["mixed.jsonl"]]).Battles.Select(battle => (battle.Source, battle.License)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("null")]
    [InlineData("""{"source":null,"license":"MIT"}""")]
    [InlineData("""{"license":"MIT"}""")]
    public void A_note_that_says_nothing_is_named_with_what_to_do(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.csv.source.json"], text);

        var message = Assert.Throws<InputException>(() => SourceNote.Beside(folder["a.csv"])).Message;

        Assert.Contains("a.csv.source.json is not a note of a file's source", message, StringComparison.Ordinal);
        Assert.Contains("Delete it", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_note_of_any_size_is_not_read()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.csv.source.json"], new string(' ', 70_000));

        Assert.Contains(
            "70,000 bytes", Assert.Throws<InputException>(() => SourceNote.Beside(folder["a.csv"])).Message, StringComparison.Ordinal);
    }
}
