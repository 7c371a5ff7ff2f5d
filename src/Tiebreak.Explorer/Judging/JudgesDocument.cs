using System.Text.Json.Serialization;
using Tiebreak.Core.Json;
using Tiebreak.Core.Metrics;
using Tiebreak.Explorer.Index;
using Tiebreak.Ratings.Uncertainty;
using Tiebreak.Reports.Documents;

namespace Tiebreak.Explorer.Judging;

/// <summary>Two judges side by side, with a paired test.</summary>
/// <param name="One">The name of the one judge.</param>
/// <param name="Other">The name of the other.</param>
/// <param name="Comparison">What they did.</param>
internal sealed record JudgesDocument(string One, string Other, [property: JsonIgnore] JudgeComparison Comparison) : IDocument
{
    private const double Significant = 0.05;
    private const double LeastShown = 0.0001; // of p values

    // A part of fewer says more about chance than about the judges; JSON has them all.
    private const int FewestBattles = 10;

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => $"{One} and {Other}";

    /// <summary>All battles, then parts of them.</summary>
    public IReadOnlyList<ComparedJudges> Rows { get; } =
    [
        new("", "all", Comparison.All), .. Comparison.Parts.Select(part => new ComparedJudges(part.By, part.Name, part.Losses)),
    ];

    /// <inheritdoc/>
    public IEnumerable<Section> Sections()
    {
        var all = Rows[0];
        yield return new Paragraph(
            Invariant($"On {all.Battles:N0} battles with a vote, {One} has a mean log loss of {all.LossOne:F4} and {Other} of ")
            + Invariant($"{all.LossOther:F4}: a difference of {NumberText.Signed(all.Difference, 4)}, 95 % interval ")
            + $"{NumberText.SignedRange(all.Interval)}, p {PValue(all.PValue)}. {Verdict(all)}");
        yield return new Paragraph(
            Invariant($"Both foretell the vote on {all.BothRight:N0} battles, only {One} on {all.OnlyOneRight:N0}, only {Other} on ")
            + Invariant($"{all.OnlyOtherRight:N0}, neither on {all.Battles - all.BothRight - all.OnlyOneRight - all.OnlyOtherRight:N0}."));
        yield return new TextTable(
            "Log loss", ["Part", "Battles", One, Other, "Difference", "95 % interval", $"Right: {One}", $"Right: {Other}"],
            [.. Rows.Where((row, i) => i == 0 || row.Battles >= FewestBattles).Select(row => new[]
            {
                row.By.Length == 0 ? row.Name : $"{row.By}: {row.Name}", NumberText.Of(row.Battles, "N0"), NumberText.Loss(row.LossOne),
                NumberText.Loss(row.LossOther), NumberText.Signed(row.Difference, 4), NumberText.SignedRange(row.Interval),
                NumberText.Percent((double)(row.BothRight + row.OnlyOneRight) / row.Battles),
                NumberText.Percent((double)(row.BothRight + row.OnlyOtherRight) / row.Battles),
            })]);
        yield return new Paragraph(
            "The difference is tested on the same battles, those about one prompt taken together; below 0 the first judge is better.");
    }

    private static string PValue(double value) => value < LeastShown ? "< 0.0001" : $"= {NumberText.Of(value, "0.####")}";

    private string Verdict(ComparedJudges all) => (all.PValue < Significant, all.Difference < 0) switch
    {
        (false, _) => "Chance explains the difference.",
        (_, true) => $"{One} is better, beyond chance.",
        _ => $"{Other} is better, beyond chance.",
    };
}

/// <summary>Two judges on some battles.</summary>
internal sealed record ComparedJudges
{
    public ComparedJudges(string by, string name, PairedLosses losses)
    {
        (By, Name, Battles, LossOne, LossOther) = (by, name, losses.Battles, losses.One, losses.Other);
        Difference = losses.Difference;
        var half = Gaussian.TwoSided(0.95) * losses.Error;
        Interval = new Interval(Difference - half, Difference + half);
        PValue = losses.Error > 0 ? Gaussian.TwoSidedPValue(Difference / losses.Error) : 1;
        (BothRight, OnlyOneRight, OnlyOtherRight) = (losses.BothRight, losses.OnlyOneRight, losses.OnlyOtherRight);
    }

    /// <summary>What the battles are cut by; empty for all.</summary>
    public string By { get; }

    /// <summary>Which part.</summary>
    public string Name { get; }

    /// <summary>Battles that both judged and somebody voted on.</summary>
    public long Battles { get; }

    /// <summary>The mean log loss of the first judge.</summary>
    public double LossOne { get; }

    /// <summary>That of the second.</summary>
    public double LossOther { get; }

    /// <summary>The first less the second: below 0 the first is better.</summary>
    public double Difference { get; }

    /// <summary>The 95 % interval of the difference.</summary>
    public Interval Interval { get; }

    /// <summary>How likely chance makes such a difference.</summary>
    public double PValue { get; }

    /// <summary>Battles whose vote both foretell.</summary>
    public long BothRight { get; }

    /// <summary>Battles whose vote only the first does.</summary>
    public long OnlyOneRight { get; }

    /// <summary>Battles whose vote only the second does.</summary>
    public long OnlyOtherRight { get; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(FiniteNumberConverter), typeof(IntervalConverter)])]
[JsonSerializable(typeof(JudgesDocument))]
internal sealed partial class JudgesJson : JsonSerializerContext;
