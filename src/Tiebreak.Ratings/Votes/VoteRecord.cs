namespace Tiebreak.Ratings.Votes;

/// <summary>What a model's votes were.</summary>
/// <param name="Battles">Votes that it took part in.</param>
/// <param name="Wins">Votes that it won.</param>
/// <param name="Losses">Votes that it lost.</param>
internal readonly record struct VoteRecord(int Battles, int Wins, int Losses)
{
    /// <summary>Votes that were a tie or both bad.</summary>
    public int Ties => Battles - Wins - Losses;

    /// <summary>The records of all models.</summary>
    public static VoteRecord[] Of(VoteCounts counts)
    {
        var records = new VoteRecord[counts.Models.Count];
        for (var pair = 0; pair < counts.Pairs; pair++)
        {
            ref var first = ref records[counts.First[pair]];
            ref var second = ref records[counts.Second[pair]];
            var (won, lost) = (counts.Votes[VoteCounts.Outcomes * pair], counts.Votes[(VoteCounts.Outcomes * pair) + 1]);
            first = new VoteRecord(first.Battles + counts.VotesOf(pair), first.Wins + won, first.Losses + lost);
            second = new VoteRecord(second.Battles + counts.VotesOf(pair), second.Wins + lost, second.Losses + won);
        }

        return records;
    }
}
