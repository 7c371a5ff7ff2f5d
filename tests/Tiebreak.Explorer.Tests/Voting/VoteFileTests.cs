using System.Text;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Explorer.Voting;
using Tiebreak.Testing;

namespace Tiebreak.Explorer.Tests.Voting;

public sealed class VoteFileTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly IReadOnlyList<Battle> _battles = new PlantedBattles(1).Create(20);

    private string Path => _folder["votes.jsonl"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Votes_are_battles_that_every_verb_reads()
    {
        using (var file = VoteFile.Open(Path))
        {
            file.Append(_battles[0], "ann", Verdict.B, BallotOrigin.Random, Time);
            file.Append(_battles[0], "bob", Verdict.BothBad, BallotOrigin.Active, Time);
        }

        var set = BattleSet.Load([Path]);
        Assert.Empty(set.Problems);
        Assert.Equal(["0#ann", "0#bob"], set.Battles.Select(battle => battle.Id));
        Assert.Equal([Verdict.B, Verdict.BothBad], set.Battles.Select(battle => battle.Verdict!.Value));
        Assert.Equal([["ann"], ["bob"]], set.Battles.Select(battle => battle.AnnotatorIds!));
        Assert.Equal(_battles[0].Turns, set.Battles[0].Turns);
        Assert.Equal(Time, set.Battles[1].Timestamp);
    }

    [Fact]
    public void Votes_are_there_when_the_file_is_opened_again()
    {
        using (var file = VoteFile.Open(Path))
            file.Append(_battles[3], "ann", Verdict.Tie, BallotOrigin.Active, Time);
        using var again = VoteFile.Open(Path);
        Assert.Equal(
            new CastVote("3", "ann", Verdict.Tie, _battles[3].ModelA, _battles[3].ModelB, BallotOrigin.Active), Assert.Single(again.Votes));
    }

    [Fact]
    public void A_crash_at_any_byte_of_a_line_loses_no_vote_before_it()
    {
        using (var file = VoteFile.Open(Path))
        {
            file.Append(_battles[0], "ann", Verdict.A, BallotOrigin.Random, Time);
            file.Append(_battles[1], "ann", Verdict.B, BallotOrigin.Random, Time);
        }

        var whole = File.ReadAllBytes(Path);
        var first = Array.IndexOf(whole, (byte)'\n') + 1;
        for (var cut = first; cut < whole.Length - 1; cut += 17)
        {
            File.WriteAllBytes(Path, whole[..cut]);
            using (var file = VoteFile.Open(Path))
            {
                Assert.Equal("0", Assert.Single(file.Votes).BattleId);
                file.Append(_battles[2], "ann", Verdict.Tie, BallotOrigin.Random, Time);
            }

            Assert.Equal(["0#ann", "2#ann"], BattleSet.Load([Path]).Battles.Select(battle => battle.Id));
        }

        File.WriteAllBytes(Path, whole[..^1]); // only the line feed is missing: the vote is whole
        using var mended = VoteFile.Open(Path);
        Assert.Equal(2, mended.Votes.Count);
        Assert.Equal(whole, File.ReadAllBytes(Path));
    }

    [Fact]
    public void Undo_takes_the_last_vote_of_a_voter_and_no_other()
    {
        using (var file = VoteFile.Open(Path))
        {
            file.Append(_battles[0], "ann", Verdict.A, BallotOrigin.Random, Time);
            file.Append(_battles[1], "ann", Verdict.A, BallotOrigin.Random, Time);
            file.Append(_battles[0], "bob", Verdict.A, BallotOrigin.Random, Time);
            Assert.Equal("1", file.Undo("ann")!.BattleId);
            Assert.Null(file.Undo("eve"));
            file.Append(_battles[4], "ann", Verdict.A, BallotOrigin.Random, Time);
        }

        Assert.Equal(["0#ann", "0#bob", "4#ann"], BattleSet.Load([Path]).Battles.Select(battle => battle.Id));
    }

    [Fact]
    public void Files_of_something_else_are_refused_and_stay_as_they_are()
    {
        var line = "{\"id\":\"1\",\"prompt\":[\"p\"],\"response_a\":[\"a\"],\"response_b\":[\"b\"],\"winner\":\"tie\"}\n";
        File.WriteAllText(Path, line);
        Assert.Contains("line 1 is no vote", Assert.Throws<InputException>(() => VoteFile.Open(Path)).Message, StringComparison.Ordinal);
        Assert.Equal(line, File.ReadAllText(Path));
    }

    [Fact]
    public void A_second_explorer_does_not_get_the_file()
    {
        using var file = VoteFile.Open(Path);
        Assert.Throws<TiebreakException>(() => VoteFile.Open(Path));
    }

    [Theory]
    [InlineData("  ann ", "ann")]
    [InlineData("a#b\n\u0000c", "abc")]
    [InlineData("#", null)]
    [InlineData(null, null)]
    public void Names_of_voters_break_no_id(string? text, string? name) => Assert.Equal(name, VoterName.Of(text));

    [Fact]
    public void Long_lines_are_found_whole()
    {
        var battle = _battles[0] with { Turns = [new Turn(new string('x', 200_000), "a", "b")] };
        using (var file = VoteFile.Open(Path))
        {
            file.Append(battle, "ann", Verdict.A, BallotOrigin.Random, Time);
            file.Append(battle with { Id = "9" }, "ann", Verdict.A, BallotOrigin.Random, Time);
        }

        File.AppendAllText(Path, "{\"id\":\"" + new string('y', 150_000), Encoding.UTF8);
        using var again = VoteFile.Open(Path);
        Assert.Equal(["0", "9"], again.Votes.Select(vote => vote.BattleId));
    }
}
