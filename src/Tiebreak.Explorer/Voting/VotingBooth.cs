using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Explorer.Voting;

/// <summary>
/// Hands out battles to voters and takes their votes. Every voter has a short queue: the ballot that is read and the one after it, which
/// is drawn while the first is read.
/// </summary>
/// <param name="file">Where votes are kept.</param>
/// <param name="source">Where battles come from.</param>
/// <param name="randomShare">The share of battles that are drawn at random, 0 to 1; the others come where votes are wanted most.</param>
/// <param name="seed">Every random choice follows from it, tokens of ballots apart.</param>
/// <param name="clock">Tells when votes are cast.</param>
internal sealed class VotingBooth(VoteFile file, IBallotSource source, double randomShare, ulong seed, TimeProvider clock)
{
    // Battles that are drawn before a voter is told that none is left that he has not seen.
    private const int MostDraws = 500;
    private const int MostVoters = 1_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, VoterQueue> _queues = new(StringComparer.Ordinal);
    private SeededRandom _random = new(seed);

    /// <summary>The votes so far.</summary>
    public VoteFile File => file;

    /// <summary>The ballot that a voter has before him; null if no battle is left.</summary>
    public Ballot? Current(string voter) => At(voter, 0);

    /// <summary>The ballot after it; null if no further battle is left.</summary>
    public Ballot? Ahead(string voter) => At(voter, 1);

    /// <summary>Stores a vote on what was shown; the next ballot is then the current one.</summary>
    /// <exception cref="InputException">The voter has no such ballot before him.</exception>
    /// <exception cref="TiebreakException">The vote could not be written; the ballot stays.</exception>
    public void Vote(string voter, string token, Verdict shown)
    {
        var queue = QueueOf(voter);
        lock (queue.Gate)
        {
            var ballot = queue.Find(token);
            file.Append(ballot.Battle, voter, ballot.InFile(shown), ballot.Origin, clock.GetUtcNow());
            queue.Seen.Add(ballot.Battle.Id);
            queue.Ballots.Remove(ballot);
            queue.LastVoted = ballot;
        }
    }

    /// <summary>Puts a ballot away without a vote; it does not come again until the explorer is started again.</summary>
    /// <exception cref="InputException">The voter has no such ballot before him.</exception>
    public void Skip(string voter, string token)
    {
        var queue = QueueOf(voter);
        lock (queue.Gate)
        {
            var ballot = queue.Find(token);
            queue.Seen.Add(ballot.Battle.Id);
            queue.Ballots.Remove(ballot);
        }
    }

    /// <summary>Takes the voter's last vote back; if it was cast since the start, its ballot is the current one again.</summary>
    /// <returns>False if there is no vote of his.</returns>
    public bool Undo(string voter)
    {
        var queue = QueueOf(voter);
        lock (queue.Gate)
        {
            if (file.Undo(voter) is not { } undone)
                return false;
            queue.Seen.Remove(undone.BattleId);
            if (queue.LastVoted is { } ballot && string.Equals(ballot.Battle.Id, undone.BattleId, StringComparison.Ordinal))
                queue.Ballots.Insert(0, ballot);
            queue.LastVoted = null;
            return true;
        }
    }

    private Ballot? At(string voter, int place)
    {
        var queue = QueueOf(voter);
        lock (queue.Gate)
        {
            for (var draws = 0; queue.Ballots.Count <= place && draws < MostDraws; draws++)
            {
                if (Draw() is not { } ballot)
                    return null;
                if (!queue.HasSeen(ballot.Battle.Id))
                    queue.Ballots.Add(ballot);
            }

            return queue.Ballots.ElementAtOrDefault(place);
        }
    }

    private Ballot? Draw()
    {
        bool isRandom, isExchanged;
        ulong draw;
        lock (_lock)
            (isRandom, isExchanged, draw) = (_random.NextDouble() < randomShare, _random.Next(2) == 1, _random.NextUInt64());
        var active = isRandom ? null : source.DrawActive(draw);
        var battle = active ?? source.Draw(draw);
        return battle is null
            ? null
            : new Ballot(Ballot.NewToken(), battle, isExchanged, active is null ? BallotOrigin.Random : BallotOrigin.Active);
    }

    private VoterQueue QueueOf(string voter)
    {
        lock (_lock)
        {
            if (_queues.TryGetValue(voter, out var queue))
                return queue;
            if (_queues.Count == MostVoters)
                throw new InputException($"There are {MostVoters:N0} voters already; start another explorer for more.");
            return _queues[voter] = new VoterQueue(
                file.Votes.Where(vote => string.Equals(vote.Voter, voter, StringComparison.Ordinal)).Select(vote => vote.BattleId));
        }
    }

    /// <summary>What a voter has before him and behind him.</summary>
    private sealed class VoterQueue(IEnumerable<string> voted)
    {
        public Lock Gate { get; } = new();

        public List<Ballot> Ballots { get; } = [];

        public HashSet<string> Seen { get; } = new(voted, StringComparer.Ordinal);

        public Ballot? LastVoted { get; set; }

        public bool HasSeen(string id) => Seen.Contains(id) || Ballots.Exists(ballot => IsSame(ballot.Battle.Id, id));

        public Ballot Find(string token) => Ballots.Find(ballot => IsSame(ballot.Token, token)) ?? throw new InputException(
            "This battle is no longer open: it was voted on in another window, or the explorer was started again. Vote on the next one.");

        private static bool IsSame(string one, string other) => string.Equals(one, other, StringComparison.Ordinal);
    }
}

/// <summary>Where battles to vote on come from.</summary>
internal interface IBallotSource
{
    /// <summary>A battle of all, each with the same chance; null if there is none.</summary>
    /// <param name="draw">A random number, from which the choice follows.</param>
    Battle? Draw(ulong draw);

    /// <summary>A battle on which a vote is worth most; null where nobody can say.</summary>
    /// <param name="draw">A random number, from which the choice follows.</param>
    Battle? DrawActive(ulong draw);
}
