using System.Text.Json.Serialization;

namespace Tiebreak.Ratings.Slices;

/// <summary>How one model does in a slice beside the rest of the votes.</summary>
/// <param name="Model">The model.</param>
/// <param name="Rating">Its rating in the slice; the mean of the compared models is 1000.</param>
/// <param name="Rest">Its rating in all other votes, on the same scale.</param>
/// <param name="Error">The standard error of the difference.</param>
/// <param name="PValue">
/// The probability of so large a difference by chance, multiplied for the number of models compared (Holm 1979).
/// </param>
public sealed record SliceRating(string Model, double Rating, double Rest, double Error, double PValue)
{
    /// <summary>Rating in the slice less rating in the rest.</summary>
    [JsonIgnore]
    public double Difference => Rating - Rest;
}
