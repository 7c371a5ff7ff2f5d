namespace Tiebreak.Features.Counted.Groups;

/// <summary>
/// How much the looks of the responses may say, from 0 to 1; see <see cref="StyleFading"/>. Nothing where both say much the same, because
/// then their looks are the difference; and nothing where one of them alone refuses, because a refusal is short whatever it is worth.
/// </summary>
internal static class StyleFreeGroup
{
    /// <summary>The column.</summary>
    public const string Weight = "style_weight";

    // Of the words of the response that has fewer different ones, the share that the other has too (the overlap coefficient). It does not
    // depend on how much longer the other is. Two models' answers to one prompt have about a half.
    private const double Alike = 0.65;
    private const double Same = 0.75;

    public static CountedGroup Group { get; } = new("style_free", [], [new(Weight, (_, _, a, b) => Of(a, b))]);

    private static double Of(SideText a, SideText b) => (a.Refusals > 0) != (b.Refusals > 0)
        ? 0
        : Math.Clamp((Same - Math.Max(a.Words.ShareIn(b.Words), b.Words.ShareIn(a.Words))) / (Same - Alike), 0, 1);
}
