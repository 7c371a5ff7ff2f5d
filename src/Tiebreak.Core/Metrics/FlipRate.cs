using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Metrics;

/// <summary>How often a judge changes its mind when A and B change places.</summary>
/// <param name="Verdicts">Share of battles whose most probable outcome differs.</param>
/// <param name="MeanShift">Mean absolute difference of P(A) between the two orders.</param>
/// <param name="PreferenceForFirst">
/// Mean of P(A) over both orders minus mean of P(B): above 0 the judge favours the side shown first.
/// </param>
public readonly record struct FlipRate(double Verdicts, double MeanShift, double PreferenceForFirst)
{
    /// <summary>Measures a judge from its answers in both orders.</summary>
    /// <param name="original">Preferences of the battles as they are.</param>
    /// <param name="swapped">Preferences of the swapped battles, as the judge gave them (not exchanged back).</param>
    public static FlipRate Of(IReadOnlyList<Preference> original, IReadOnlyList<Preference> swapped)
    {
        if (original.Count == 0)
            return new FlipRate(double.NaN, double.NaN, double.NaN);

        double flips = 0, shift = 0, first = 0;
        for (var i = 0; i < original.Count; i++)
        {
            var back = swapped[i].Swapped();
            flips += original[i].Top == back.Top ? 0 : 1;
            shift += Math.Abs(original[i].A - back.A);
            first += (original[i].A + swapped[i].A - original[i].B - swapped[i].B) / 2;
        }

        return new FlipRate(flips / original.Count, shift / original.Count, first / original.Count);
    }
}
