namespace Tiebreak.Ratings.Uncertainty;

/// <summary>Quantiles and probabilities of the normal distribution.</summary>
internal static class Gaussian
{
    /// <summary>
    /// The number of standard deviations on either side of the mean that hold a share of the distribution: 1.959964 for 0.95.
    /// </summary>
    public static double TwoSided(double level) => MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, (1 + level) / 2);

    /// <summary>The probability of being as far from 0 or farther.</summary>
    public static double TwoSidedPValue(double z) => MathNet.Numerics.SpecialFunctions.Erfc(Math.Abs(z) / Math.Sqrt(2));
}
