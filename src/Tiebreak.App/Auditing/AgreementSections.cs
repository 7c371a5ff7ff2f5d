using Tiebreak.Core;
using Tiebreak.Data.Agreement;
using Tiebreak.Reports.Documents;
using Tiebreak.Reports.Plots;

namespace Tiebreak.App.Auditing;

/// <summary>The sections about people who voted on the same battles.</summary>
internal static class AgreementSections
{
    private const int MostAnnotators = 20;

    public static IEnumerable<Section> Of(AnnotatorAgreement agreement)
    {
        yield return new Heading("How far annotators agree");
        if (agreement.Coefficients.Count == 0)
        {
            yield return new Paragraph(
                $"No battle has two votes, so nothing can be said about agreement; {Battles(agreement.SingleVotes)} with a single vote "
                + "each. Where a file names the voters in a column of its own, read that column as annotator_ids.");
            yield break;
        }

        yield return new Paragraph(Intro(agreement));
        yield return new TextTable(
            "Agreement of annotators", ["Coefficient", "Value", "95 % interval"],
            [.. agreement.Coefficients.Select(coefficient => new[]
            {
                coefficient.Name, NumberText.Of(coefficient.Value, "F3"), NumberText.Range(coefficient.Interval, 3),
            })]);
        yield return new Paragraph(
            $"Ordinal coefficients take {(agreement.IsGraded ? "the strengths of the votes" : "A, tie, B")} for a scale. "
            + "Both bad counts as a tie. 1 is full agreement, 0 is chance; AC1 stays meaningful where one verdict dominates, kappa and "
            + "alpha do not.");
        if (agreement.Pairs.Count > 0)
            yield return Pairs(agreement);
        foreach (var section in Annotators(agreement))
            yield return section;
    }

    /// <summary>Each annotator beside the others; nothing where none has enough votes.</summary>
    public static IEnumerable<Section> Annotators(AnnotatorAgreement agreement)
    {
        if (agreement.Annotators.Count == 0)
            yield break;

        var shown = agreement.Annotators.Take(MostAnnotators).ToList();
        yield return new TextTable(
            agreement.Annotators.Count > shown.Count
                ? $"Annotators: the {MostAnnotators} with most votes of {NumberText.Count(agreement.Annotators.Count)}"
                : "Annotators",
            ["Annotator", "Votes", "Agreement", "Severity", "Lean to A", "p of a coin"],
            [.. shown.Select(annotator => new[]
            {
                annotator.Annotator, NumberText.Count(annotator.Votes), NumberText.Percent(annotator.Agreement),
                NumberText.Signed(100 * annotator.Severity, 1), NumberText.Signed(100 * annotator.LeanToA, 1),
                $"{NumberText.Of(annotator.CoinPValue, "F3")}{(annotator.MayBeCoin ? " (may be a coin)" : "")}",
            })]);
        yield return new PlotRow(new BarChart(
            "Agreement of each annotator with the others",
            [.. shown.Select(annotator => (annotator.Annotator, annotator.Agreement, NumberText.Percent(annotator.Agreement)))]));
        yield return new Paragraph(Coins(agreement));
    }

    private static string Intro(AnnotatorAgreement agreement)
    {
        string[] left =
        [
            .. agreement.SingleVotes > 0 ? [$"{Battles(agreement.SingleVotes)} with a single vote"] : Array.Empty<string>(),
            .. agreement.RepeatedVotes > 0
                ? [$"{Quantity.Of(agreement.RepeatedVotes, "further vote")} of one annotator on the same battle"]
                : Array.Empty<string>(),
            .. agreement.UnreadVotes > 0
                ? [Quantity.Of(agreement.UnreadVotes, "vote that is", "votes that are") + " no known word for a verdict"]
                : Array.Empty<string>(),
        ];
        return $"{Battles(agreement.Battles)} with {Quantity.Of(agreement.Votes, "vote")} between them"
            + (left.Length == 0 ? "." : $"; left out: {string.Join("; ", left)}.") + " Intervals are bootstrapped over prompts.";
    }

    private static TextTable Pairs(AnnotatorAgreement agreement) => new(
        "Annotators who share most battles", ["Annotators", "Battles", "Agreement", "Cohen's kappa", "95 % interval"],
        [.. agreement.Pairs.Select(pair => new[]
        {
            $"{pair.First}, {pair.Second}", NumberText.Count(pair.Battles), NumberText.Percent(pair.Agreement),
            NumberText.Of(pair.Kappa, "F3"), NumberText.Range(pair.KappaInterval, 3),
        })]);

    private static string Coins(AnnotatorAgreement agreement)
    {
        var coins = agreement.Annotators.Count(annotator => annotator.MayBeCoin);
        var tested = Quantity.Of(agreement.Annotators.Count, "annotator");
        return "Severity: by how many percentage points more often than the others on the same battles one calls a tie. Lean to A: the "
            + $"same for A minus B. Of {tested} with "
            + $"{AnnotatorResult.FewestVotes} such votes or more, {(coins == 0 ? "none" : NumberText.Count(coins))} cannot be told from "
            + "somebody who votes without looking (permutation test, 5 %); with few votes that may be lack of evidence.";
    }

    private static string Battles(int count) => Quantity.Of(count, "battle");
}
