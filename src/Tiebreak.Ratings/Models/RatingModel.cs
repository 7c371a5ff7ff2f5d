namespace Tiebreak.Ratings.Models;

/// <summary>How strengths become probabilities of a vote.</summary>
public enum RatingModel
{
    /// <summary>P(A) = σ(strength of A - strength of B); a tie, and both bad, is half a win for each (Bradley and Terry 1952).</summary>
    BradleyTerry,

    /// <summary>Ties happen where the difference is below a threshold η (Rao and Kupper 1967).</summary>
    RaoKupper,

    /// <summary>Ties have odds ν against the geometric mean of the two wins (Davidson 1970).</summary>
    Davidson,

    /// <summary>
    /// Rao-Kupper with a fourth player, the ground, whose strength is 0: both bad means that it beat both. Strengths then have a level, not
    /// only differences (the "bag" loss of Prompt-to-Leaderboard, arXiv 2502.14855).
    /// </summary>
    GroundedRaoKupper,
}
