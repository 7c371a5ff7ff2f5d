namespace Tiebreak.Data.Submissions;

/// <summary>How the numbers of a file become probabilities where they are something else.</summary>
public enum SubmissionScale
{
    /// <summary>They are probabilities, or percentages that sum to 100.</summary>
    None,

    /// <summary>Each number is divided by the sum of its row: counts of votes, weights.</summary>
    Division,

    /// <summary>exp(number) is divided by the sum of these over the row: logits, logarithms of probabilities.</summary>
    Softmax,
}
