using Parquet;
using Parquet.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Testing;

namespace Tiebreak.Data.Tests.Formats;

public sealed class ParquetTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Battles_survive_the_round_trip()
    {
        Battle[] battles =
        [
            new()
            {
                Id = "1",
                Turns = [new Turn("p", null, "b"), new Turn("", "a\n\0", null)],
                ModelA = "x",
                Verdict = Verdict.BothBad,
                Annotators = ["model_a", ""],
                Timestamp = DateTimeOffset.FromUnixTimeSeconds(5),
                Language = "en",
            },
            new()
            {
                Id = "2",
                Turns = [new Turn(null, null, null)],
                SoftLabel = new Preference(0.5, 0.25, 0.25),
                Source = "s",
                License = "MIT",
            },
            new() { Id = "3", Turns = [new Turn("😀", "a", "b")], Verdict = Verdict.A, Annotators = [] },
        ];

        BattleWriter.WriteParquet(_folder["battles"], battles);
        BattleWriter.WriteJsonl(_folder["expected"], battles);
        var rows = BattleReader.Read(_folder["battles"], DataFolder.Train).ToList();
        BattleWriter.WriteJsonl(_folder["read"], rows.Select(row => row.Battle!));

        Assert.Equal([1L, 2, 3], rows.Select(row => row.Line));
        Assert.All(rows, row => Assert.Null(row.Problem));
        Assert.Equal(File.ReadAllText(_folder["expected"]), File.ReadAllText(_folder["read"]));
    }

    [Fact]
    public void Rows_of_one_id_are_named_by_their_numbers()
    {
        var battle = SyntheticBattles.Create(1)[0];
        BattleWriter.WriteParquet(_folder["battles"], [battle, battle]);

        var problem = BattleSet.Load([_folder["battles"]], DataFolder.Train).Problems.Single();

        Assert.EndsWith($"row 2: the row with id {battle.Id} has the id of row 1.", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Real_battles_survive_the_round_trip()
    {
        var battles = BattleSet.Load([Repository.Shared("real", "kaggle", "train_head.csv")], DataFolder.Train).Battles;

        BattleWriter.WriteParquet(_folder["battles"], battles);
        var copy = BattleSet.Load([_folder["battles"]], DataFolder.Train);

        Assert.Equal(battles.Select(battle => battle.Turns), copy.Battles.Select(battle => battle.Turns));
        Assert.Equal(battles.Select(battle => battle.Verdict), copy.Battles.Select(battle => battle.Verdict));
        Assert.Equal(battles.Select(battle => battle.Id), copy.Battles.Select(battle => battle.Id));
        Assert.Equal(64, copy.Files[0].Sha256.Length);
    }

    [Fact]
    public void Conversations_of_the_arena_are_lists_of_objects()
    {
        var path = Write(
            [new ArenaRow
            {
                id = "q1",
                model_a = "m1",
                model_b = "m2",
                winner = "tie",
                conversation_a = Talk("p", "a", "q", "c"),
                conversation_b = Talk("p", "b", "q", null),
            },
             new ArenaRow
             {
                 id = "q2",
                 model_a = "m1",
                 model_b = "m2",
                 winner = "perhaps",
                 conversation_a = [],
                 conversation_b = Talk("p", "b"),
             }]);

        var rows = BattleReader.Read(path, DataFolder.Test).ToList();

        Assert.Equal([new Turn("p", "a", "b"), new Turn("q", "c", null)], rows[0].Battle!.Turns);
        Assert.Equal((Verdict.Tie, "m1"), (rows[0].Battle!.Verdict, rows[0].Battle!.ModelA));
        Assert.StartsWith(
            $"{path}, row 2: the row with id q2 has 1 prompts, 0 responses of A", rows[1].Problem!.ToString(), StringComparison.Ordinal);
        Assert.Contains("has the unknown winner \"perhaps\"", rows[1].Problem!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_competitions_columns_hold_json_lists_and_the_wsdm_cups_plain_texts()
    {
        var kaggle = Write([new KaggleRow
        {
            id = 4294947231,
            prompt = "[\"p\",null]",
            response_a = "[\"a\",\"c\"]",
            response_b = "[\"b\",\"d\"]",
            winner_tie = 1,
        }]);
        Assert.Equal(
            [new Turn("p", "a", "b"), new Turn(null, "c", "d")], BattleReader.Read(kaggle, DataFolder.Train).Single().Battle!.Turns);

        var wsdm = Write([new WsdmRow { id = "h", prompt = "[\"p\"]", response_a = "a", response_b = "b", winner = "model_b" }]);
        var battle = BattleReader.Read(wsdm, DataFolder.Train).Single().Battle!;
        Assert.Equal((new Turn("[\"p\"]", "a", "b"), Verdict.B), (battle.Turns[0], battle.Verdict));
    }

    [Fact]
    public void Wrong_types_and_missing_columns_are_named()
    {
        var wrong = Write([new WrongRow { id = "1", prompt = 5, response_a = "a", response_b = "b", winner = "tie" }]);
        Assert.Contains("columns of the wrong type: \"prompt\"", Fail(wrong), StringComparison.Ordinal);

        var missing = Write([new MissingRow { id = "1", text = "x" }]);
        Assert.Contains("has no layout of battles that Tiebreak knows; its columns are \"id\", \"text\"", Fail(missing), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_cut_off_or_compressed_once_more_is_named()
    {
        BattleWriter.WriteParquet(_folder["battles"], SyntheticBattles.Create(50));
        var bytes = File.ReadAllBytes(_folder["battles"]);

        Assert.Contains("is damaged or cut off", Fail(_folder.Write(bytes[..^20])), StringComparison.Ordinal);
        Assert.Contains("is damaged or cut off", Fail(_folder.Write(bytes[..100])), StringComparison.Ordinal);

        using var compressor = new ZstdSharp.Compressor();
        Assert.Contains("compressed once more", Fail(_folder.Write(compressor.Wrap(bytes).ToArray())), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0x19, 0xF5, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F })] // a field that should be a number says it is a list without end
    [InlineData(new byte[] { 0x15, 0xFF })] // a number that goes on after the end
    [InlineData(new byte[] { 0x29, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F })] // four billion columns
    [InlineData(new byte[] { 0x5C, 0x1C, 0x1C, 0x1C })] // structs in a list's place
    public void A_footer_that_would_be_read_without_end_is_refused(byte[] footer)
    {
        byte[] file = [.. "PAR1"u8, .. footer, .. BitConverter.GetBytes(footer.Length), .. "PAR1"u8];

        Assert.Contains("is damaged or cut off", Fail(_folder.Write(file)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 4, 29147, 105, 1, 27126, 76 })] // found by fuzzing: a number without end in the footer
    [InlineData(new[] { 2, 40, 40 })]
    public void Damage_that_was_read_without_end_is_refused(int[] damage)
    {
        var damages = damage.Chunk(3).Select(part => new Damage(part[0], part[1], (byte)part[2])).ToArray();

        Assert.Contains(
            "is damaged or cut off", Fail(_folder.Write(Damage.Apply(ArenaParquet.Create(), damages))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dictionary_of_fewer_values_than_it_says_is_refused()
    {
        var options = new ParquetOptions();
        options.ColumnEncodingHints["winner"] = EncodingHint.Dictionary;
        using var stream = new MemoryStream();
        await ParquetSerializer.SerializeAsync(
            Enumerable.Range(0, 40).Select(i =>
                new WsdmRow { id = $"{i}", prompt = "p", response_a = "a", response_b = "b", winner = i % 2 == 0 ? "model_a" : "model_b" }),
            stream, options);
        var bytes = stream.ToArray();
        Assert.Equal(40, BattleReader.Read(_folder.Write(bytes), DataFolder.Train).Count());

        // DictionaryPageHeader { 1: i32 2 values, ...; the fourth field behind the page's size.
        var header = bytes.AsSpan().IndexOf((byte[])[0x4C, 0x15, 2 << 1]);
        bytes[header + 2] = 10 << 1;

        Assert.Contains("is damaged or cut off", Fail(_folder.Write(bytes)), StringComparison.Ordinal);
    }

    /// <summary>Levels that say more values are present than a plainly written page holds.</summary>
    [Fact]
    public async Task Absent_small_numbers_that_are_said_to_be_present_are_refused()
    {
        const int Rows = 40;
        using var stream = new MemoryStream();
        await ParquetSerializer.SerializeAsync(
            Enumerable.Range(0, Rows).Select(i =>
            {
                var row = new SmallKaggleRow { id = i, prompt = "[\"p\"]", response_a = "[\"a\"]", response_b = "[\"b\"]" };
                if (i % 2 == 0)
                    (row.winner_model_a, row.winner_model_b, row.winner_tie) = (1, 0, 0);
                return row;
            }),
            stream, new ParquetOptions { CompressionMethod = CompressionMethod.None });
        var bytes = stream.ToArray();
        var rows = BattleReader.Read(_folder.Write(bytes), DataFolder.Test).ToList();
        Assert.Equal(
            Enumerable.Range(0, Rows).Select(i => i % 2 == 0 ? Verdict.A : (Verdict?)null), rows.Select(row => row.Battle!.Verdict));
        byte[] levels = [2, 1, 2, 0]; // runs of one entry: there, not there
        var first = bytes.AsSpan().IndexOf([.. levels, .. levels]);
        for (var i = 0; i < Rows / 2; i++)
            bytes[first + (levels.Length * i) + 3] = 1;

        Assert.Contains("is damaged or cut off", Fail(_folder.Write(bytes)), StringComparison.Ordinal);
    }

    private static string Fail(string path) =>
        Assert.Throws<InputException>(() => BattleReader.Read(path, DataFolder.Train).Count()).Message;

    private static List<MessageRow> Talk(params string?[] texts) =>
        [.. texts.Select((text, i) => new MessageRow { role = i % 2 == 0 ? "user" : "assistant", content = text })];

    private string Write<T>(T[] rows)
        where T : class
    {
        using var stream = new MemoryStream();
        ParquetSerializer.SerializeAsync(rows, stream).GetAwaiter().GetResult();
        return _folder.Write(stream.ToArray(), typeof(T).Name);
    }

#pragma warning disable IDE1006, CA1051, SA1300 // The names are those of the columns.
    private sealed class MessageRow
    {
        public string? role { get; set; }

        public string? content { get; set; }
    }

    private sealed class ArenaRow
    {
        public string? id { get; set; }

        public string? model_a { get; set; }

        public string? model_b { get; set; }

        public string? winner { get; set; }

        public List<MessageRow>? conversation_a { get; set; }

        public List<MessageRow>? conversation_b { get; set; }
    }

    private sealed class KaggleRow
    {
        public long id { get; set; }

        public string? prompt { get; set; }

        public string? response_a { get; set; }

        public string? response_b { get; set; }

        public int winner_model_a { get; set; }

        public int winner_model_b { get; set; }

        public int winner_tie { get; set; }
    }

    private sealed class SmallKaggleRow
    {
        public long id { get; set; }

        public string? prompt { get; set; }

        public string? response_a { get; set; }

        public string? response_b { get; set; }

        public sbyte? winner_model_a { get; set; }

        public sbyte? winner_model_b { get; set; }

        public sbyte? winner_tie { get; set; }
    }

    private sealed class WsdmRow
    {
        public string? id { get; set; }

        public string? prompt { get; set; }

        public string? response_a { get; set; }

        public string? response_b { get; set; }

        public string? winner { get; set; }
    }

    private sealed class WrongRow
    {
        public string? id { get; set; }

        public int prompt { get; set; }

        public string? response_a { get; set; }

        public string? response_b { get; set; }

        public string? winner { get; set; }
    }

    private sealed class MissingRow
    {
        public string? id { get; set; }

        public string? text { get; set; }
    }
#pragma warning restore IDE1006, CA1051, SA1300
}
