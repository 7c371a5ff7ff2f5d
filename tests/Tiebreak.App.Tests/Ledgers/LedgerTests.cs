using Tiebreak.App.Ledgers;
using Tiebreak.Core;
using Tiebreak.Testing;

namespace Tiebreak.App.Tests.Ledgers;

public sealed class LedgerTests
{
    [Fact]
    public void What_is_written_reads_back_and_a_name_is_completed()
    {
        using var folder = new TemporaryFolder();
        var path = folder["ledger.jsonl"];
        Ledger.Read(path).With(new LedgerEntry { Name = "one", Cv = 0.926, Note = "fold \"0\", α" }).Write(path);
        Ledger.Read(path).With(new LedgerEntry { Name = "one", Lb = 0.93 }).Write(path);

        var entry = Assert.Single(Ledger.Read(path).Entries);
        Assert.Equal(new LedgerEntry { Name = "one", Cv = 0.926, Lb = 0.93, Note = "fold \"0\", α" }, entry);
    }

    [Fact]
    public void The_line_needs_three_entries_with_both_scores()
    {
        var ledger = new Ledger([]).With(Entry("a", 0.9)).With(Entry("b", 1.0)).With(new LedgerEntry { Name = "c", Cv = 0.95 });
        Assert.Null(ledger.Fit);
        Assert.Equal(0.89, ledger.With(Entry("d", 1.1)).Fit!.Slope, 9);
    }

    [Theory]
    [InlineData("{\"name\":\"a\",\"cv\":0.9}\n{\"name\":\"a\"}", "line 2")]
    [InlineData("{\"cv\":0.9}", "line 1")]
    [InlineData("{\"name\":\"a\",\"vc\":0.9}", "vc")]
    [InlineData("{\"name\":\"a\",\"cv\":-1}", "no log loss")]
    [InlineData("null", "line 1")]
    [InlineData("name,cv", "line 1")]
    public void A_wrong_line_is_named(string content, string said)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(
            said,
            Assert.Throws<InputException>(() => Ledger.Read(folder.Write("ledger.jsonl", content))).Message,
            StringComparison.Ordinal);
    }

    private static LedgerEntry Entry(string name, double cv) => new() { Name = name, Cv = cv, Lb = (0.89 * cv) + 0.125 };
}
