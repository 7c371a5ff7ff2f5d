using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Fitting;

/// <summary>
/// The part of votes that can be rated: those between the models of the largest group whose ratings exist (see <see cref="Connectivity"/>).
/// Votes against other models say nothing about ratings within it: those are infinitely far above or below, or cannot be compared.
/// </summary>
/// <param name="Rows">The places of the votes that remain.</param>
/// <param name="Unrated">The models that have no rating, in the order of the votes; empty if all have one.</param>
internal sealed record RateableVotes(int[] Rows, IReadOnlyList<UnratedModel> Unrated)
{
    /// <summary>Finds the part.</summary>
    /// <param name="votes">The votes.</param>
    /// <param name="penalty">Factor of half the squared strengths: above 0, all models have ratings.</param>
    public static RateableVotes Of(VoteSet votes, double penalty)
    {
        var counts = VoteCounts.Of(votes);
        var group = penalty > 0 ? null : Connectivity.Of(counts).Groups.MaxBy(group => group.Count)!;
        if (group is null || group.Count == votes.Models.Count)
            return new RateableVotes([.. Enumerable.Range(0, votes.Count)], []);

        var isRated = new bool[votes.Models.Count];
        foreach (var model in group)
            isRated[model] = true;
        return new RateableVotes(
            [.. Enumerable.Range(0, votes.Count).Where(row => isRated[votes.ModelA[row]] && isRated[votes.ModelB[row]])],
            [.. VoteRecord.Of(counts).Index().Where(model => !isRated[model.Index])
                .Select(model => new UnratedModel(votes.Models[model.Index], model.Item))]);
    }
}

/// <summary>A model without a rating.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Record">Its votes. Without a loss or tie no rating is too high, without a win or tie none too low.</param>
internal sealed record UnratedModel(string Model, VoteRecord Record);
