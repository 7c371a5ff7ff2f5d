using Parquet;
using Parquet.Schema;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Tests.Formats;

public sealed class NumbersFileTests : IDisposable
{
    private readonly DataFolder _folder = new();
    private readonly List<string> _remarks = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(",ID,reward_a,reward_b,passed\n0,2.0,3,4.5,True\n1,1,1e-1,,False\n7,9,9,1,1\n", "passed,reward_a,reward_b")]
    [InlineData("id;reward_a;reward_b\n1;0,1;\n2;3;4,5\n", "reward_a,reward_b")]
    public void Csv_is_read_as_data_frames_and_spreadsheets_write_it(string content, string names)
    {
        var battles = Learn(content, "1", "2");

        Assert.Equal(names, string.Join(',', battles[1].Numbers!.Keys.Order(StringComparer.Ordinal)));
        Assert.Equal((0.1, 3, 4.5), (battles[0].Numbers!["reward_a"], battles[1].Numbers!["reward_a"], battles[1].Numbers!["reward_b"]));
        Assert.False(battles[0].Numbers!.ContainsKey("reward_b"));
        Assert.Contains("reward_b (1)", Assert.Single(_remarks), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parquet_is_read_whatever_the_type_of_its_numbers()
    {
        var schema = new ParquetSchema(
            new DataField<long>("id"), new DataField<float>("reward_a"), new DataField<int>("reward_b"), new DataField<bool>("passed"));
        await using (var stream = File.Create(_folder["numbers.parquet"]))
        await using (var writer = await ParquetWriter.CreateAsync(schema, stream, cancellationToken: TestContext.Current.CancellationToken))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<long>(schema.DataFields[0], new long[] { 2, 1 });
            await group.WriteAsync<float>(schema.DataFields[1], new float[] { 0.5f, 1.5f });
            await group.WriteAsync<int>(schema.DataFields[2], new int[] { 3, 4 });
            await group.WriteAsync<bool>(schema.DataFields[3], new bool[] { true, false });
            group.CompleteValidate();
        }

        var battles = BattleNumberJoin.Learn(Battles("1", "2"), _folder["numbers.parquet"], _remarks.Add, CancellationToken.None);
        Assert.Equal(new Dictionary<string, double> { ["reward_a"] = 0.5, ["reward_b"] = 3, ["passed"] = 1 }, battles[1].Numbers);
        Assert.Empty(_remarks);
    }

    [Theory]
    [InlineData("name,reward_a\n1,2\n", "has no column id")]
    [InlineData("id,\n1,2\n", "no column of numbers beside id")]
    [InlineData("id,reward_a\n1,2\n1.0,3\n", "the id 1.0 twice")]
    [InlineData("id,reward_a\n1,good\n2,3\n", "1 cell that is no number: reward_a of id 1.")]
    [InlineData("id,reward_a\n1,2\n", "no row for 1 of 2 battles (2)")]
    [InlineData("id,reward_a\n1,2\n2,2\n", "nothing to learn from")]
    [InlineData("id,reward_a\n1,2,3\n", "line 2: the row has 3 fields where the header has 2")]
    [InlineData("id,reward_a,reward_a\n1,2,3\n", "two columns \"reward_a\"")]
    public void What_cannot_be_used_is_refused(string content, string said) =>
        Assert.Contains(said, Assert.Throws<InputException>(() => Learn(content, "1", "2")).Message, StringComparison.Ordinal);

    [Fact]
    public void What_never_varies_is_left_out_but_not_one_side_of_a_pair()
    {
        var battles = Learn("id,reward_a,reward_b,version,cost_a,cost_b\n1,1,2,7,1,1\n2,1,3,7,1,1\n", "1", "2");

        Assert.Equal(["reward_a", "reward_b"], battles[0].Numbers!.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("version, cost_a, cost_b", Assert.Single(_remarks), StringComparison.Ordinal);
    }

    [Fact]
    public void A_judge_gets_the_columns_that_it_needs_and_battles_without_a_row_are_named()
    {
        var path = _folder.Write("id,other,reward_b,reward_a\n1,9,2,1\n");
        IReadOnlyList<Battle> Supply(string[] needed, bool mayLack) =>
            BattleNumberJoin.Supply(Battles("1", "2"), path, needed, mayLack, _remarks.Add, CancellationToken.None);

        var battles = Supply(["reward_a", "reward_b"], mayLack: true);
        Assert.Equal(new Dictionary<string, double> { ["reward_a"] = 1, ["reward_b"] = 2 }, battles[0].Numbers);
        Assert.Empty(battles[1].Numbers!);
        Assert.Contains("no row for 1 of 2 battles (2)", Assert.Single(_remarks), StringComparison.Ordinal);
        Assert.Throws<InputException>(() => Supply(["reward_a", "reward_b"], mayLack: false));
        Assert.Contains(
            "no column \"seconds\"", Assert.Throws<InputException>(() => Supply(["seconds"], mayLack: true)).Message, StringComparison.Ordinal);
    }

    private IReadOnlyList<Battle> Learn(string content, params string[] ids) =>
        BattleNumberJoin.Learn(Battles(ids), _folder.Write(content), _remarks.Add, CancellationToken.None);

    private static Battle[] Battles(params string[] ids) =>
        [.. ids.Select(id => new Battle { Id = id, Turns = [new Turn("p", "a", "b")], Verdict = Verdict.Tie })];
}
