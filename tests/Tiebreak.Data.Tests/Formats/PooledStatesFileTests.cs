using Parquet;
using Parquet.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading.Parquet;
using Tiebreak.Testing;

namespace Tiebreak.Data.Tests.Formats;

public sealed class PooledStatesFileTests
{
    private static readonly Battle[] Battles = [.. new[] { "7", "4294967299", "x" }
        .Select(id => new Battle { Id = id, Turns = [new Turn("p", "a", "b")] })];

    [Fact]
    public void States_find_their_battles_by_id_across_row_groups()
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, [Row("x", 3), Row("other", 9), Row("7", 1), Row("4294967299", 2)], rowGroup: 2);
        var joined = PooledStatesFile.Join(Battles, path);
        Assert.Equal([1f, 2f, 3f], joined.Select(battle => battle.States!.Prompt![0]));
        Assert.Equal([3, 30.5f], joined[2].States!.ResponseB!.Take(2));
        Assert.Equal(3, joined[0].States!.Pair!.Count);
        Assert.Equal(joined[0].States!.ResponseA, joined[0].Swapped().States!.ResponseB);
    }

    [Fact]
    public void A_text_that_is_missing_has_no_state()
    {
        using var folder = new TemporaryFolder();
        var joined = PooledStatesFile.Join(
            Battles, Write(folder, [Row("7", 1) with { response_a = null }, Row("x", 3) with { pair = null }, Row("4294967299", 2)]));
        Assert.Null(joined[0].States!.ResponseA);
        Assert.Equal([1, 10.5f], joined[0].States!.ResponseB!);
        Assert.Null(joined[2].States!.Pair);
        Assert.Equal([2, 20], joined[1].States!.ResponseA!);
    }

    [Fact]
    public void A_battle_that_the_file_does_not_have_is_named()
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, [Row("7", 1), Row("x", 3)]);
        var error = Assert.Throws<InputException>(() => PooledStatesFile.Join(Battles, path)).Message;
        Assert.Contains("1 of 3 battles (the first is 4294967299)", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Impossible_files_are_refused_with_a_sentence()
    {
        using var folder = new TemporaryFolder();
        string Error(StateRow[] rows) =>
            Assert.Throws<InputException>(() => PooledStatesFile.Join(Battles[..1], Write(folder, rows))).Message;
        Assert.Contains("twice", Error([Row("7", 1), Row("7", 1)]), StringComparison.Ordinal);
        Assert.Contains("different sizes", Error([Row("7", 1), Row("x", 1) with { prompt = [1] }]), StringComparison.Ordinal);
        Assert.Contains("not finite", Error([Row("7", 1) with { response_a = [1, float.NaN] }]), StringComparison.Ordinal);
        Assert.Contains("different sizes", Error([Row("7", 1) with { response_a = [1] }]), StringComparison.Ordinal);

        Write(folder["texts.parquet"], [new TextRow { id = "7", prompt = "p", response_a = "a", response_b = "b" }]);
        Assert.Contains(
            "no list of single-precision numbers",
            Assert.Throws<InputException>(() => PooledStatesFile.Join(Battles, folder["texts.parquet"])).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "no file",
            Assert.Throws<InputException>(() => PooledStatesFile.Join(Battles, folder["absent"])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void States_survive_Tiebreak_JSONL()
    {
        using var folder = new TemporaryFolder();
        var battle = Battles[0] with { States = new PooledStates([1.5f, -2], [3, 1e-20f], null, []) };
        BattleWriter.WriteJsonl(folder["battles.jsonl"], [battle]);
        var read = Assert.Single(
            BattleSet.Load([folder["battles.jsonl"]], new BattleReadOptions { Purpose = BattlePurpose.Explore }).Battles).States!;
        Assert.Equal(battle.States!.ResponseA, read.ResponseA);
        Assert.Equal(battle.States.Prompt, read.Prompt);
        Assert.Null(read.ResponseB);
        Assert.Empty(read.Pair!);
    }

    private static StateRow Row(string id, float value) => new()
    {
        id = id,
        prompt = [value, 10 * value],
        response_a = [value, 20],
        response_b = [value, (10 * value) + 0.5f],
        pair = [1, 2, 3],
    };

    private static string Write(TemporaryFolder folder, StateRow[] rows, int rowGroup = 1000)
    {
        Write(folder["states.parquet"], rows, rowGroup);
        return folder["states.parquet"];
    }

    private static void Write<T>(string path, T[] rows, int rowGroup = 1000)
        where T : class
    {
        using var stream = File.Create(path);
        ParquetSerializer.SerializeAsync(rows, stream, new ParquetOptions { RowGroupSize = rowGroup }).GetAwaiter().GetResult();
    }

#pragma warning disable SA1300, IDE1006 // columns as the file names them
    private sealed record StateRow
    {
        public string id { get; init; } = "";

        public float[]? prompt { get; init; } = [];

        public float[]? response_a { get; init; } = [];

        public float[]? response_b { get; init; } = [];

        public float[]? pair { get; init; } = [];
    }

    private sealed record TextRow
    {
        public string id { get; init; } = "";

        public string prompt { get; init; } = "";

        public string response_a { get; init; } = "";

        public string response_b { get; init; } = "";
    }
#pragma warning restore SA1300, IDE1006
}
