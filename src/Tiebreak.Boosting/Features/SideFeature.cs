namespace Tiebreak.Boosting.Features;

/// <summary>One number about a response. It enters the trees as the difference of both sides and as their sum.</summary>
/// <param name="Name">Lower case, underscores, no spaces.</param>
/// <param name="Value">Works it out from the response and the prompts of the battle.</param>
internal sealed record SideFeature(string Name, Func<SideText, SideText, double> Value)
{
    /// <summary>A count enters as ln(1 + count): differences are then ratios, and giants do not dominate.</summary>
    public static SideFeature Count(string name, Func<SideText, int> count) => new(name, (side, _) => Math.Log(1.0 + count(side)));

    /// <summary>A part of a whole, 0 where there is no whole.</summary>
    public static SideFeature Share(string name, Func<SideText, int> part, Func<SideText, int> whole) =>
        new(name, (side, _) => whole(side) == 0 ? 0 : (double)part(side) / whole(side));
}
