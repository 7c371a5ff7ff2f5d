using System.Text;
using System.Text.Json;
using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Tests.Battles;

public sealed class BattleJsonTests
{
    [Fact]
    public void A_battle_survives_the_round_trip()
    {
        var battle = new Battle
        {
            Id = "4294947231",
            Turns = [new Turn("Hi \U0001F600", "a \"quoted\"\n", null), new Turn(null, "", "b\\")],
            ModelA = "x",
            ModelB = "y",
            Verdict = Verdict.BothBad,
            SoftLabel = new Preference(0.5, 0.25, 0.25),
            Language = "English",
            Timestamp = DateTimeOffset.UnixEpoch.AddSeconds(1690000000.25),
            Annotators = ["model_a", "tie"],
            Source = "test",
        };

        var read = BattleJson.Read(Serialise(battle));

        Assert.Equal(battle.Turns, read.Turns);
        Assert.Equal(battle.Annotators, read.Annotators);
        Assert.Equal(battle with { Turns = read.Turns, Annotators = read.Annotators }, read);
    }

    [Fact]
    public void Bytes_that_are_no_text_become_the_replacement_character_in_values_of_another_kind_too()
    {
        byte[] json =
        [
            .. """{"id":1,"prompt":["a"],"response_a":["b"],"response_b":["c"],"timestamp":[" """u8, 0x9E,
            .. """ "],"annotators":[["""u8, (byte)'"', 0x9E, .. "\"]]}"u8,
        ];

        var read = BattleJson.Read(json);

        Assert.Null(read.Timestamp);
        Assert.Equal("[\"\uFFFD\"]", Assert.Single(read.Annotators!));
    }

    [Fact]
    public void A_lone_surrogate_becomes_the_replacement_character_and_a_pair_stays()
    {
        var read = BattleJson.Read(
            """{"id":1,"prompt":["\ud83d"],"response_a":["x\ud83d\ude00y"],"response_b":["\ude00\u00e9\ud83d\u0041"]}"""u8);

        Assert.Equal(new Turn("\uFFFD", "x\U0001F600y", "\uFFFDé\uFFFDA"), Assert.Single(read.Turns));
        Assert.Equal("1", read.Id);
    }

    [Fact]
    public void Plain_strings_are_one_turn() =>
        Assert.Equal(
            new Turn("p", "a", null),
            Assert.Single(BattleJson.Read("""{"id":"x","prompt":"p","response_a":"a","response_b":null}"""u8).Turns));

    [Theory]
    [InlineData("[]", "is not a JSON object")]
    [InlineData("{\"id\":\"x\"", "is not valid JSON")]
    [InlineData("""{"prompt":"p","response_a":"a","response_b":"b"}""", "has no \"id\"")]
    [InlineData("""{"id":"x","prompt":"p","response_a":"a"}""", "has no \"response_b\"")]
    [InlineData("""{"id":"x","prompt":["p","q"],"response_a":"a","response_b":"b"}""", "has 2 prompts but 1 responses of A")]
    [InlineData("""{"id":"x","prompt":[],"response_a":[],"response_b":[]}""", "has no turn")]
    [InlineData("""{"id":"x","prompt":[1],"response_a":"a","response_b":"b"}""", "expected a string or null")]
    [InlineData("""{"id":"x","prompt":"p","response_a":"a","response_b":"b","winner":"perhaps"}""", "unknown winner \"perhaps\"")]
    [InlineData("""{"id":"x","prompt":"p","response_a":"a","response_b":"b","winner":"tie","winner":"tie"}""", "has \"winner\" twice")]
    [InlineData("""{"id":"x","id":"y","prompt":"p","response_a":"a","response_b":"b"}""", "has \"id\" twice")]
    [InlineData("""{"id":"x","prompt":"p","response_a":"a","response_b":"b","soft_label":[0.5,0.6,0.1]}""", "sum to 1")]
    [InlineData("""{"id":"x","prompt":"p","response_a":"a","response_b":"b"} {}""", "is not valid JSON")]
    public void What_is_not_a_battle_is_refused_with_the_reason(string json, string reason) =>
        Assert.Contains(
            reason, Assert.Throws<FormatException>(() => BattleJson.Read(Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);

    private static byte[] Serialise(Battle battle)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            BattleJson.Write(writer, battle);
        return stream.ToArray();
    }
}
