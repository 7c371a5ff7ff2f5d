using System.Text.Json.Serialization;
using Tiebreak.Core.Json;
using Tiebreak.Reports.Documents;
using Tiebreak.Reports.Plots;

namespace Tiebreak.Explorer.Traits;

/// <summary>Which traits of answers people reward, and how models write.</summary>
/// <param name="Votes">The votes that were looked at: between two different models.</param>
/// <param name="VotedBattles">Battles with a vote there are; more than were looked at in large files.</param>
/// <param name="Traits">What each trait is worth in all of them.</param>
/// <param name="Slices">The same in parts of them.</param>
/// <param name="Models">How each model writes.</param>
internal sealed record TraitsDocument(
    int Votes,
    int VotedBattles,
    IReadOnlyList<TraitWorth> Traits,
    IReadOnlyList<TraitSlice> Slices,
    [property: JsonIgnore] IReadOnlyDictionary<string, ModelStyle> Models) : IDocument
{
    private const double Significant = 0.05;

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => "What people reward";

    /// <summary>All numbers, a row for each trait and part of the votes.</summary>
    [JsonIgnore]
    public TextTable Numbers => new(
        "Traits", ["by", "part", "votes", "trait", "log_odds", "lower", "upper", "p_against_the_rest"],
        [
            .. Traits.Select(trait => NumbersOf("", "all", Votes, trait)),
            .. Slices.SelectMany(slice => slice.Traits.Select(trait => NumbersOf(slice.By, slice.Name, slice.Votes, trait))),
        ]);

    /// <inheritdoc/>
    public IEnumerable<Section> Sections()
    {
        yield return new Paragraph(
            Invariant($"{Votes:N0} votes between two models{(VotedBattles > Votes ? Invariant($", of {VotedBattles:N0} votes") : "")}: ")
            + "how much a trait moves the odds of an answer, beside how strong its model is. A value above 0 speaks for the answer "
            + "that has more of the trait; position is that of answer A.");
        foreach (var sentence in Sentences())
            yield return new Paragraph(sentence);
        yield return new PlotRow(new IntervalChart(
            "Worth of traits with 95 % intervals", "log odds per typical difference",
            [.. Traits.Select(trait => (
                trait.Trait, trait.Value, trait.Interval.Lower, trait.Interval.Upper, NumberText.Signed(trait.Value, 2)))]));
        yield return new TextTable(
            "All votes", ["Trait", "Log odds", "95 % interval", "Odds", "Typical difference"],
            [.. Traits.Select(trait => new[]
            {
                trait.Trait, NumberText.Signed(trait.Value, 3), NumberText.SignedRange(trait.Interval, 3),
                $"× {NumberText.Of(Math.Exp(trait.Value), "F2")}", NumberText.Of(trait.TypicalDifference, "0.###"),
            })]);
        foreach (var by in Slices.GroupBy(slice => slice.By, StringComparer.Ordinal))
        {
            yield return new TextTable(
                by.Key, ["Part", "Votes", .. Traits.Select(trait => trait.Trait)],
                [.. by.Select(slice => (string[])
                [
                    slice.Name, NumberText.Count(slice.Votes), .. Traits.Select(trait => CellOf(slice, trait.Trait)),
                ])]);
        }

        if (Slices.Count > 0)
        {
            yield return new Paragraph(
                "Log odds with half the width of their 95 % intervals. A star marks a part in which a trait is worth something else than "
                + "in the other votes, beyond chance (5 %, corrected by Holm for all comparisons).");
        }
    }

    private IEnumerable<string> Sentences()
    {
        string[] rewarded = [.. Known(trait => trait.Interval.Lower > 0)];
        string[] punished = [.. Known(trait => trait.Interval.Upper < 0)];
        if (rewarded.Length > 0)
            yield return $"People reward {string.Join(", ", rewarded)}.";
        if (punished.Length > 0)
            yield return $"They hold against an answer: {string.Join(", ", punished)}.";
        if (rewarded.Length + punished.Length == 0)
            yield return "No trait moves the votes beyond chance.";
    }

    private IEnumerable<string> Known(Func<TraitWorth, bool> isKnown) =>
        Traits.Where(isKnown).OrderByDescending(trait => Math.Abs(trait.Value))
            .Select(trait => $"{trait.Trait} (odds × {NumberText.Of(Math.Exp(trait.Value), "F2")})");

    private static string CellOf(TraitSlice slice, string name)
    {
        if (slice.Traits.FirstOrDefault(trait => string.Equals(trait.Trait, name, StringComparison.Ordinal)) is not { } trait)
            return "none";
        var half = NumberText.Of((trait.Interval.Upper - trait.Interval.Lower) / 2, "F2");
        return $"{NumberText.Signed(trait.Value, 2)} ± {half}{(trait.PValue < Significant ? " *" : "")}";
    }

    private static string[] NumbersOf(string by, string part, int votes, TraitWorth trait) =>
    [
        by, part, Invariant($"{votes}"), trait.Trait, Invariant($"{trait.Value:R}"), Invariant($"{trait.Interval.Lower:R}"),
        Invariant($"{trait.Interval.Upper:R}"), trait.PValue is { } p ? Invariant($"{p:R}") : "",
    ];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(FiniteNumberConverter), typeof(IntervalConverter)])]
[JsonSerializable(typeof(TraitsDocument))]
internal sealed partial class TraitsJson : JsonSerializerContext;
