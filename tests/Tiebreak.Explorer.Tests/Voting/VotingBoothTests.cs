using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Explorer.Voting;
using Tiebreak.Testing;

namespace Tiebreak.Explorer.Tests.Voting;

public sealed class VotingBoothTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly VoteFile _file;

    public VotingBoothTests() => _file = VoteFile.Open(_folder["votes.jsonl"]);

    public void Dispose()
    {
        _file.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Every_battle_comes_once_and_then_no_more()
    {
        var booth = Booth(battles: 30);
        var seen = new List<string>();
        while (booth.Current("ann") is { } ballot)
        {
            Assert.Equal(booth.Ahead("ann") is not null, seen.Count < 29);
            seen.Add(ballot.Battle.Id);
            booth.Vote("ann", ballot.Token, Verdict.A);
        }

        Assert.Equal(30, seen.Distinct().Count());
        Assert.NotNull(booth.Current("bob")); // who has seen none of them
    }

    [Fact]
    public void Sides_are_shuffled_and_votes_are_kept_for_the_sides_of_the_file()
    {
        var booth = Booth(battles: 40);
        var exchanged = 0;
        for (var i = 0; i < 40; i++)
        {
            var ballot = booth.Current("ann")!;
            var isExchanged = string.Equals(ballot.Shown.ModelA, ballot.Battle.ModelB, StringComparison.Ordinal);
            exchanged += isExchanged ? 1 : 0;
            booth.Vote("ann", ballot.Token, Verdict.A);
            Assert.Equal(isExchanged ? Verdict.B : Verdict.A, _file.Votes[^1].Verdict);
        }

        Assert.InRange(exchanged, 8, 32);
    }

    [Fact]
    public void The_ballot_ahead_is_the_next_one()
    {
        var booth = Booth(battles: 10);
        var (current, ahead) = (booth.Current("ann")!, booth.Ahead("ann")!);
        Assert.NotEqual(current.Battle.Id, ahead.Battle.Id);
        Assert.Same(current, booth.Current("ann"));
        booth.Vote("ann", current.Token, Verdict.Tie);
        Assert.Same(ahead, booth.Current("ann"));
    }

    [Fact]
    public void Undo_brings_the_ballot_back()
    {
        var booth = Booth(battles: 10);
        var ballot = booth.Current("ann")!;
        booth.Vote("ann", ballot.Token, Verdict.A);
        Assert.True(booth.Undo("ann"));
        Assert.Empty(_file.Votes);
        Assert.Same(ballot, booth.Current("ann"));
        booth.Vote("ann", ballot.Token, Verdict.BothBad);
        Assert.Equal(Verdict.BothBad, Assert.Single(_file.Votes).Verdict);
        Assert.False(booth.Undo("bob"));
    }

    [Fact]
    public void A_ballot_takes_one_vote_and_a_skipped_one_none()
    {
        var booth = Booth(battles: 10);
        var ballot = booth.Current("ann")!;
        booth.Vote("ann", ballot.Token, Verdict.A);
        Assert.Throws<InputException>(() => booth.Vote("ann", ballot.Token, Verdict.A));
        var skipped = booth.Current("ann")!;
        booth.Skip("ann", skipped.Token);
        Assert.Throws<InputException>(() => booth.Vote("ann", skipped.Token, Verdict.A));
        Assert.Throws<InputException>(() => booth.Vote("bob", booth.Current("ann")!.Token, Verdict.A));
        Assert.Single(_file.Votes);
    }

    [Fact]
    public void A_share_of_the_battles_is_drawn_at_random_and_the_others_where_votes_are_wanted()
    {
        var booth = Booth(battles: 400);
        for (var i = 0; i < 200; i++)
            booth.Vote("ann", booth.Current("ann")!.Token, Verdict.A);
        Assert.InRange(_file.Votes.Count(vote => vote.Origin is BallotOrigin.Random), 70, 130);
        Assert.All(_file.Votes.Where(vote => vote.Origin is BallotOrigin.Active), vote => Assert.True(Scripted.IsWanted(vote.BattleId)));
    }

    private VotingBooth Booth(int battles) => new(_file, new Scripted(new PlantedBattles(1).Create(battles)), 0.5, seed: 1, TimeProvider.System);

    // Wants votes on battles of even number.
    private sealed class Scripted(IReadOnlyList<Battle> battles) : IBallotSource
    {
        public static bool IsWanted(string id) => int.Parse(id, CultureInfo.InvariantCulture) % 2 == 0;

        public Battle? Draw(ulong draw) => battles[(int)(draw % (ulong)battles.Count)];

        public Battle? DrawActive(ulong draw) => battles[2 * (int)(draw % (ulong)(battles.Count / 2))];
    }
}
