namespace Tiebreak.Ratings.Diagnostics;

/// <summary>Three models each of which beat the next more often than not.</summary>
/// <param name="Models">The three; the third beat the first.</param>
/// <param name="WinFractions">How often each beat the next, among decisive votes.</param>
/// <param name="WeakestLink">The smallest of the three leads in standard errors: below 2 it may be chance.</param>
public sealed record Cycle(IReadOnlyList<string> Models, IReadOnlyList<double> WinFractions, double WeakestLink);
