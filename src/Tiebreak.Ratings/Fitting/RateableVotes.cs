using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Fitting;

/// <summary>
/// The part of votes that can be rated: those between the models of the largest group whose ratings exist (see <see cref="Connectivity"/>).
/// Votes against other models say nothing about ratings within it: those are infinitely far above or below, or cannot be compared.
/// </summary>
internal sealed class RateableVotes
{
    private readonly VoteSet _votes;
    private readonly bool[] _isRated;

    private RateableVotes(VoteSet votes, bool[] isRated, IReadOnlyList<UnratedModel> unrated) =>
        (_votes, _isRated, Unrated) = (votes, isRated, unrated);

    /// <summary>The models that have no rating, in the order of the votes; empty if all have one.</summary>
    public IReadOnlyList<UnratedModel> Unrated { get; }

    /// <summary>The places of the votes that remain.</summary>
    public int[] Rows => field ??=
    [
        .. Enumerable.Range(0, _votes.Count).Where(row => _isRated[_votes.ModelA[row]] && _isRated[_votes.ModelB[row]]),
    ];

    /// <summary>Finds the part.</summary>
    /// <param name="votes">The votes.</param>
    /// <param name="penalty">Factor of half the squared strengths: above 0, all models have ratings.</param>
    public static RateableVotes Of(VoteSet votes, double penalty)
    {
        if (penalty > 0)
        {
            var all = new bool[votes.Models.Count];
            Array.Fill(all, value: true);
            return new RateableVotes(votes, all, []);
        }

        var (isRated, unrated) = Find(votes.Counts);
        return new RateableVotes(votes, isRated, unrated);
    }

    /// <summary>Of each model of some votes, whether it has a rating without a penalty; and those that have none.</summary>
    public static (bool[] IsRated, IReadOnlyList<UnratedModel> Unrated) Find(VoteCounts counts)
    {
        var isRated = new bool[counts.Models.Count];
        foreach (var model in Connectivity.Of(counts).Groups.MaxBy(group => group.Count)!)
            isRated[model] = true;
        return (isRated,
            [.. VoteRecord.Of(counts).Index().Where(model => !isRated[model.Index])
                .Select(model => new UnratedModel(counts.Models[model.Index], model.Item))]);
    }
}

/// <summary>A model without a rating.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Record">Its votes. Without a loss or tie no rating is too high, without a win or tie none too low.</param>
internal sealed record UnratedModel(string Model, VoteRecord Record);
