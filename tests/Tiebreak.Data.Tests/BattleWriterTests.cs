using CsCheck;
using Tiebreak.Core;
using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Tests;

public sealed class BattleWriterTests : IDisposable
{
    private static readonly Gen<string?> Text = Gen.OneOf(
        Gen.OneOf<string?>(
            null, "", "\"", "\"\"", ",", "\n", "\r\n", "\r", "a,\"b\"\n", "\\", "\\u0041", "null", "[\"x\"]", "😀", "\uFFFD", "\u2028",
            "\0\u0001\u007f", " x ", "</script>", "你好"),
        Gen.String[Gen.Char['\u0020', '\u02ff'], 0, 20].Select(text => (string?)text));

    private static readonly Gen<string> Id = Gen.OneOf(
        Gen.OneOf("007", "4294947231", "a,b", "a\"b", "a\nb"), Gen.Int[0, 1 << 30].Select(id => $"{id}"));

    private static readonly Gen<Battle> Battles =
        Gen.Select(Id, Gen.Select(Text, Text, Text, (prompt, a, b) => new Turn(prompt, a, b)).Array[1, 3], Text, Text, Gen.Enum<Verdict>())
            .Select((id, turns, modelA, modelB, verdict) =>
                new Battle { Id = id, Turns = turns, ModelA = NameOf(modelA), ModelB = NameOf(modelB), Verdict = verdict });

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(".jsonl")]
    [InlineData(".jsonl.gz")]
    public void Json_lines_survive_the_round_trip(string extension) =>
        RoundTrip(extension, BattleWriter.WriteJsonl, DataFolder.Train, battle => battle);

    [Theory]
    [InlineData(".csv")]
    [InlineData(".csv.gz")]
    public void Training_csv_survives_the_round_trip_but_for_both_bad(string extension) =>
        RoundTrip(
            extension,
            BattleWriter.WriteKaggleTrain,
            DataFolder.Train,
            battle => battle.Verdict == Verdict.BothBad ? battle with { Verdict = Verdict.Tie } : battle);

    [Fact]
    public void Test_csv_survives_the_round_trip() =>
        RoundTrip(
            ".csv", BattleWriter.WriteKaggleTest, DataFolder.Test, battle => battle with { ModelA = null, ModelB = null, Verdict = null });

    [Fact]
    public void A_lone_surrogate_is_written_as_the_replacement_character()
    {
        var path = _folder["lone.jsonl"];

        BattleWriter.WriteJsonl(path, [new Battle { Id = "1", Turns = [new Turn("\ud83d", "a", "b")], Verdict = Verdict.A }]);

        Assert.Equal("\uFFFD", Assert.Single(BattleReader.Read(path, DataFolder.Train)).Battle!.Turns[0].Prompt);
    }

    [Fact]
    public void A_battle_without_verdict_is_refused_and_leaves_the_old_file()
    {
        var path = _folder.Write("old");

        Assert.Throws<InputException>(() => BattleWriter.WriteKaggleTrain(path, [new Battle { Id = "1", Turns = [default] }]));

        Assert.Equal("old", File.ReadAllText(path));
    }

    // An empty cell of the CSV means that the model is unknown; a file with a NUL is taken for binary.
    private static string? NameOf(string? name) => string.IsNullOrEmpty(name) || name.Contains('\0') ? null : name;

    private void RoundTrip(
        string extension, Action<string, IEnumerable<Battle>> write, BattleReadOptions options, Func<Battle, Battle> kept) =>
        Battles.Array[1, 5].Sample(
            battles =>
            {
                var path = _folder[Guid.NewGuid().ToString("N") + extension];
                write(path, battles);
                var read = BattleReader.Read(path, options with { BlockBytes = 50 }).ToList();
                File.Delete(path);
                Assert.All(read, row => Assert.Null(row.Problem));
                Assert.Equal(
                    battles.Select(battle => kept(battle) with { Turns = [] }), read.Select(row => row.Battle! with { Turns = [] }));
                Assert.Equal(battles.Select(battle => battle.Turns), read.Select(row => row.Battle!.Turns));
            },
            time: 1,
            threads: 2);
}
