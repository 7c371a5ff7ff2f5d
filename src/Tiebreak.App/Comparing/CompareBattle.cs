using System.Text.Json.Serialization;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Comparing;

/// <summary>Asks a judge about one battle in both orders, and why.</summary>
public sealed record CompareBattle
{
    private const int MostReasons = 8;

    // Weaker reasons round to nothing.
    private const double LeastWeight = 0.0005;

    /// <summary>Folder of the judge's bundle.</summary>
    public required string Judge { get; init; }

    /// <summary>The battle.</summary>
    public required Battle Battle { get; init; }

    /// <summary>Asks.</summary>
    /// <exception cref="Core.InputException">The bundle cannot be used.</exception>
    public async Task<ComparisonDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var bundle = await context.OpenAsync(Judge, cancellationToken).ConfigureAwait(false);
        await using var closing = bundle.ConfigureAwait(false);
        return await AskAsync(context, bundle, Battle, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks a judge that is open.</summary>
    internal static async Task<ComparisonDocument> AskAsync(
        JobContext context, Bundle bundle, Battle battle, CancellationToken cancellationToken)
    {
        var judged = await Judging.RunInBothOrdersAsync(context with { Progress = null }, bundle, [battle], cancellationToken)
            .ConfigureAwait(false);
        var reasons = bundle.Judge.Traits.Explainer is { } explainer
            ? await explainer.ExplainAsync(battle, cancellationToken).ConfigureAwait(false)
            : [];
        var (answer, manifest) = (judged.Answers[0], bundle.Manifest);
        return new ComparisonDocument(
            PerOutcome.Of(answer), PerOutcome.Of(judged.AsGiven[0]), PerOutcome.Of(judged.Exchanged[0].Swapped()),
            Telling(reasons))
        {
            AbstainedBy = manifest.AbstainedBy(answer, judged.AbstainedBy[0]),
            Outcomes = manifest.PredictionSets is { } sets ? new OutcomeSet(sets.Coverage, sets.SetOf(answer)) : null,
            NeitherAcceptable = judged.NeitherAcceptable[0],
        };
    }

    /// <summary>The reasons that a person wants to read, of all that a judge gives.</summary>
    internal static IReadOnlyList<Reason> Telling(IReadOnlyList<Reason> reasons) =>
    [
        .. reasons.Where(reason => Math.Abs(reason.TowardsA) >= LeastWeight || Math.Abs(reason.TowardsTie) >= LeastWeight)
            .Take(MostReasons),
    ];
}

/// <summary>What a judge says about one battle.</summary>
/// <param name="Preference">The judge's answer.</param>
/// <param name="AsGiven">The answer with A shown first.</param>
/// <param name="Exchanged">The answer with B shown first, A still meaning A.</param>
/// <param name="Reasons">What moved the judge, strongest first; empty where it cannot say.</param>
public sealed record ComparisonDocument(
    PerOutcome<double> Preference, PerOutcome<double> AsGiven, PerOutcome<double> Exchanged, IReadOnlyList<Reason> Reasons) : IDocument
{
    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => "Comparison";

    /// <summary>The rule by which the judge would rather leave the battle to a person; null if it does not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AbstainedBy { get; init; }

    /// <summary>The outcomes that the verdict is among; null where the bundle has no such sets.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OutcomeSet? Outcomes { get; init; }

    /// <summary>The probability that people find neither response acceptable; null if the judge does not estimate it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? NeitherAcceptable { get; init; }

    /// <inheritdoc/>
    public IEnumerable<Section> Sections() =>
    [
        new TextTable(
            "Probabilities", ["", "A is better", "B is better", "Tie"],
            [Row("A shown first", AsGiven), Row("B shown first", Exchanged), Row("The judge's answer", Preference)]),
        .. NeitherAcceptable is not { } neither ? Array.Empty<Section>() :
            [new Paragraph($"People find neither response acceptable with a probability of {NumberText.Percent(neither)}.")],
        .. AbstainedBy is null ? Array.Empty<Section>() :
            [new Paragraph($"The judge would rather leave this battle to a person ({AbstainedBy}).")],
        .. Outcomes is not { } set ? Array.Empty<Section>() :
            [new Paragraph(Invariant($"With {set.Coverage:P0} probability the verdict is among: {string.Join(", ", set.Outcomes)}."))],
        .. Reasons.Count == 0 ? Array.Empty<Section>() :
        [
            new TextTable(
                "Why", ["Property", "Value", "Log odds of A against B", "Log odds of a tie"],
                [.. Reasons.Select(reason => new[]
                {
                    reason.Name, NumberText.Of(reason.Value, "0.###"), NumberText.Signed(reason.TowardsA, 3),
                    NumberText.Signed(reason.TowardsTie, 3),
                })]),
        ],
    ];

    private static string[] Row(string name, PerOutcome<double> preference) =>
        [name, NumberText.Percent(preference.A), NumberText.Percent(preference.B), NumberText.Percent(preference.Tie)];
}

/// <summary>Outcomes that the verdict is among with a promised probability.</summary>
/// <param name="Coverage">The probability.</param>
/// <param name="Outcomes">The outcomes, in the order A, B, tie.</param>
public sealed record OutcomeSet(double Coverage, IReadOnlyList<Outcome> Outcomes);
