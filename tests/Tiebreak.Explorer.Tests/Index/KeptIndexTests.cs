using Tiebreak.App;
using Tiebreak.Core.Judging;
using Tiebreak.Data;
using Tiebreak.Explorer.Index;
using Tiebreak.Testing;

namespace Tiebreak.Explorer.Tests.Index;

/// <summary>An index is kept beside its file, and used again only for the same bytes that are read in the same way.</summary>
public sealed class KeptIndexTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder["battles.jsonl"];

    private string Database => Path.Combine($"{File}.tiebreak-index", "battles.duckdb");

    [Fact]
    public async Task The_same_file_is_not_read_again()
    {
        var battles = OddBattles.Create(100);
        await using (var index = await OddBattles.IndexAsync(_folder, battles))
            Assert.Equal(100, index.Progress.Battles);
        await MarkAsync();

        System.IO.File.SetLastWriteTimeUtc(File, DateTime.UnixEpoch); // touched or copied: the bytes decide
        await using (var again = await OddBattles.OpenAsync(File))
        {
            Assert.True(again.Progress.IsComplete);
            Assert.Equal(100, again.Counts(BattleFilter.Everything).Battles);
            Assert.Equivalent(battles[41], again.At(42)!.Battle, strict: true);
        }

        Assert.True(IsMarked());
    }

    [Fact]
    public async Task Another_content_of_the_same_size_is_read_anew()
    {
        await using (var index = await OddBattles.IndexAsync(_folder, OddBattles.Create(100)))
            Assert.NotNull(index.Find("id-7"));
        await MarkAsync();

        System.IO.File.WriteAllText(File, System.IO.File.ReadAllText(File).Replace("\"id-7\"", "\"id_7\"", StringComparison.Ordinal));
        await using (var again = await OddBattles.OpenAsync(File))
        {
            Assert.Null(again.Find("id-7"));
            Assert.NotNull(again.Find("id_7"));
        }

        Assert.False(IsMarked());
    }

    [Fact]
    public async Task Other_rows_of_the_same_file_are_read_anew()
    {
        await using (var index = await OddBattles.IndexAsync(_folder, OddBattles.Create(100)))
            Assert.Equal(100, index.Progress.Battles);

        var context = new JobContext
        {
            Judges = new JudgeRegistry([]),
            Reading = new BattleReadOptions { Where = [("id", "id-7")] },
        };
        await using var one = await BattleIndex.OpenAsync(context, [File], new(), TestContext.Current.CancellationToken);
        await one.Completion;
        Assert.Equal("id-7", Assert.Single(one.Page(BattleFilter.Everything, BattleSort.InFileOrder, 0, 10).Lines).Id);
    }

    [Fact]
    public async Task An_index_that_was_not_completed_is_built_anew()
    {
        await using (var index = await OddBattles.IndexAsync(_folder, OddBattles.Create(100)))
            Assert.True(index.Progress.IsComplete);
        System.IO.File.Delete(Path.Combine(Path.GetDirectoryName(Database)!, "index.json"));
        System.IO.File.WriteAllText(Database, "not a database");

        await using var again = await OddBattles.OpenAsync(File);
        Assert.Equal(100, again.Counts(BattleFilter.Everything).Battles);
    }

    [Fact]
    public async Task Two_processes_do_not_share_a_folder()
    {
        await using var index = await OddBattles.IndexAsync(_folder, OddBattles.Create(10));
        var context = new JobContext { Judges = new JudgeRegistry([]) };
        var options = new BattleIndexOptions { Folder = Path.GetDirectoryName(Database)! };
        var refused = await Assert.ThrowsAsync<Core.TiebreakException>(
            () => BattleIndex.OpenAsync(context, [File], options, TestContext.Current.CancellationToken));
        Assert.Contains("other processes have them open", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_files_of_different_layouts_make_one_index()
    {
        var (first, second) = (OddBattles.Create(130), OddBattles.Create(130, seed: 2));
        BattleWriter.WriteJsonl(_folder["one.jsonl.gz"], first);
        BattleWriter.WriteParquet(_folder["two.parquet"], second);
        await using var index = await OddBattles.OpenAsync(_folder["one.jsonl.gz"], _folder["two.parquet"]);
        Assert.Equal(first.Concat(second).Select(battle => battle.Id), index.Select(BattleFilter.Everything).Select(battle => battle.Id));
        Assert.True(index.Counts(BattleFilter.Everything).Findings.Single(count => count.Name is "prompt_also_in_another_file").Battles > 0);
    }

    public void Dispose() => _folder.Dispose();

    // A table of its own tells whether the database is still the one of before.
    private async Task MarkAsync()
    {
        await using var database = new DuckDB.NET.Data.DuckDBConnection($"Data Source={Database}");
        await database.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = database.CreateCommand();
        command.CommandText = "CREATE TABLE mark (x INTEGER)";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private bool IsMarked()
    {
        using var database = new DuckDB.NET.Data.DuckDBConnection($"Data Source={Database}");
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'mark'";
        return (long)command.ExecuteScalar()! > 0;
    }
}
