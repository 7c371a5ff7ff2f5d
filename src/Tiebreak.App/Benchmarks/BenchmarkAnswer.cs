using Tiebreak.Core.Battles;

namespace Tiebreak.App.Benchmarks;

/// <summary>A battle of a benchmark with what a judge said about it. All preferences mean the battle's own A and B.</summary>
/// <param name="File">The file that the battle comes from, by its whole path: some benchmarks have a file for each part.</param>
/// <param name="Battle">The battle.</param>
/// <param name="Better">The right answer: the better side, or a tie.</param>
/// <param name="First">What the judge said with A read before B.</param>
/// <param name="Second">What it said with B read before A.</param>
/// <param name="Said">Its answer: of the first order, or the mean of both, as the judge does it.</param>
internal sealed record BenchmarkAnswer(
    string File, Battle Battle, Outcome Better, Preference First, Preference Second, Preference Said)
{
    /// <summary>Whether somebody is better.</summary>
    public bool HasWinner => Better is not Outcome.Tie;

    /// <summary>Whether the answer prefers the better side; equal probabilities do not.</summary>
    public bool IsRight => Prefers(Said, Better);

    /// <summary>The side that a preference names if it may not call a tie; null where both are equal.</summary>
    public static Outcome? SideOf(Preference said) => said.A > said.B ? Outcome.A : said.B > said.A ? Outcome.B : null;

    /// <summary>Whether a preference gives a side more than the other.</summary>
    public static bool Prefers(Preference said, Outcome side) => SideOf(said) == side;

    /// <summary>Whether the battle is filed under a tag.</summary>
    public bool Has(string tag) => Battle.Tags?.Contains(tag, StringComparer.Ordinal) is true;

    /// <summary>
    /// The row that the battle comes from where a row made several: its id without the numbers of the two responses at the end.
    /// </summary>
    public string Row
    {
        get
        {
            var id = Battle.Id;
            for (var cut = 0; cut < 2 && id.LastIndexOf('-') is > 0 and var dash; cut++)
                id = id[..dash];
            return $"{File} {id}";
        }
    }
}
