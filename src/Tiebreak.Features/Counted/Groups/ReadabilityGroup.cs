namespace Tiebreak.Features.Counted.Groups;

/// <summary>How hard the responses are to read, by the classic formulas; see <see cref="Text.Readability"/>.</summary>
internal static class ReadabilityGroup
{
    public static CountedGroup Group { get; } = new(
        "readability",
        [
            new("reading_ease", (side, _) => Math.Clamp(side.Readability.FleschReadingEase, -100, 200)),
            new("grade_level", (side, _) => Bounded(side.Readability.FleschKincaidGrade)),
            new("fog_index", (side, _) => Bounded(side.Readability.GunningFog)),
            new("smog_grade", (side, _) => Bounded(side.Readability.Smog)),
            new("automated_readability", (side, _) => Bounded(side.Readability.AutomatedIndex)),
            SideFeature.Share("syllables_per_word", side => side.Readability.Syllables, side => side.All.Words),
        ],
        []);

    // A table or a listing without any full stop is one endless sentence to the formulas.
    private static double Bounded(double grade) => Math.Clamp(grade, -10, 50);
}
