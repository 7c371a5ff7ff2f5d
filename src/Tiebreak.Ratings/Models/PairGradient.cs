using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tiebreak.Ratings.Models;

/// <summary>First derivatives of minus the log-likelihood of a pair's votes in eight rounds.</summary>
/// <param name="A">By the strength of the first model.</param>
/// <param name="B">By the strength of the second model.</param>
/// <param name="T">By the tie parameter.</param>
internal readonly record struct PairGradient(Vector512<double> A, Vector512<double> B, Vector512<double> T)
{
    /// <summary>Of models that depend on the difference of strengths alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairGradient OfDifference(Vector512<double> d, Vector512<double> t = default) => new(d, -d, t);
}
