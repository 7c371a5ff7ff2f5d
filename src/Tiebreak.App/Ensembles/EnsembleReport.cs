using System.Text.Json;
using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Ensembles;

/// <summary>What the members of an ensemble bring on labelled battles. Losses are in nats.</summary>
public sealed record EnsembleReport
{
    /// <summary>Labelled battles that every member predicts.</summary>
    public required int Rows { get; init; }

    /// <summary>Distinct opening prompts among them.</summary>
    public required int Prompts { get; init; }

    /// <summary>True if weights were fitted to these battles; each fold is then blended by what the others teach.</summary>
    public required bool IsFitted { get; init; }

    /// <summary>Log loss of always giving the class shares.</summary>
    public required double ClassSharesLogLoss { get; init; }

    /// <summary>Log loss of the ensemble.</summary>
    public required double LogLoss { get; init; }

    /// <summary>95 % interval of it, by bootstrap over prompts.</summary>
    [JsonPropertyName("log_loss_ci")]
    public required Interval LogLossInterval { get; init; }

    /// <summary>The member with the lowest log loss.</summary>
    public required string Best { get; init; }

    /// <summary>By how much the ensemble's log loss is below that of the best member.</summary>
    public required double Gain { get; init; }

    /// <summary>95 % interval of the gain: paired, by bootstrap over prompts.</summary>
    [JsonPropertyName("gain_ci")]
    public required Interval GainInterval { get; init; }

    /// <summary>Correlation of how much two members prefer A to B, for every pair in the order of the members; NaN is null.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Correlations { get; init; }

    /// <summary>The gain by slices of the battles.</summary>
    public required IReadOnlyList<SliceGain> Slices { get; init; }

    /// <summary>What each member brings beyond the others, by log loss without it; empty where nobody asked.</summary>
    public IReadOnlyList<AblatedMember> Ablation { get; init; } = [];

    /// <summary>
    /// Sets of members, from all of them downwards by leaving out the one that is missed least, and each member alone; the cheapest within
    /// one standard error of the best is marked.
    /// </summary>
    public required IReadOnlyList<MemberSet> Sets { get; init; }

    [JsonIgnore]
    internal bool HasCosts { get; init; }

    internal IEnumerable<Section> Sections(IReadOnlyList<string> names)
    {
        yield return new Paragraph(
            $"On {Quantity.Of(Rows, "labelled battle")} about {Quantity.Of(Prompts, "opening prompt")}: log loss "
            + $"{NumberText.Loss(LogLoss)} ({NumberText.Range(LogLossInterval)}), a gain of {NumberText.Signed(Gain, 4)} over {Best}, the "
            + $"best member (paired 95 % interval {NumberText.SignedRange(GainInterval)}): {Verdict}"
            + (IsFitted ? " Each fold was blended by what was fitted to the others." : ""));
        yield return new TextTable(
            "Correlation of A against B", ["Member", .. names],
            [.. names.Select((name, k) => (string[])[name, .. Correlations[k].Select(value => NumberText.Of(value, "F3"))])]);
        if (Slices.Count > 0)
        {
            yield return new TextTable(
                "By slice", ["Slice", "Battles", "Log loss", "Gain", "95 % interval,\npaired"],
                [.. Slices.Select(slice => new[]
                {
                    slice.Slice, NumberText.Count(slice.Rows), NumberText.Loss(slice.LogLoss), NumberText.Signed(slice.Gain, 4),
                    NumberText.SignedRange(slice.GainInterval),
                })]);
        }

        if (Ablation.Count > 0)
        {
            yield return new TextTable(
                "Without one member", ["Without", "Log loss", "What it brings", "95 % interval,\npaired"],
                [.. Ablation.Select(member => new[]
                {
                    member.Without, NumberText.Loss(member.LogLoss), NumberText.Signed(member.Difference, 4),
                    NumberText.SignedRange(member.DifferenceInterval),
                })]);
        }

        var cheapest = Sets.Single(set => set.IsCheapest);
        yield return new Paragraph(
            $"The cheapest set within one standard error of the best: {string.Join(" + ", cheapest.Members)}, log loss "
            + $"{NumberText.Loss(cheapest.LogLoss)}{(HasCosts ? Invariant($", {cheapest.Cost:G3} s for 1,000 battles") : "")}.");
    }

    private string Verdict => GainInterval.Lower > 0 ? "they are better together."
        : GainInterval.Upper < 0 ? $"they are worse together than {Best} alone."
        : $"no gain over {Best} alone is certain.";
}

/// <summary>A member of an ensemble.</summary>
public sealed class EnsembleMember
{
    private readonly IReadOnlyList<PredictionAlarm> _alarms;

    internal EnsembleMember(string name, double? weight, double? temperature, IReadOnlyList<PredictionAlarm> alarms) =>
        (Name, Weight, Temperature, _alarms) = (name, weight, temperature, alarms);

    /// <summary>Its file or bundle.</summary>
    public string Name { get; }

    /// <summary>Its weight; all sum to 1. Null where members have none.</summary>
    public double? Weight { get; }

    /// <summary>Its weights in bins of battles; null where all battles have the same.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? BinWeights { get; init; }

    /// <summary>Its temperature before pooling; null where there is none.</summary>
    public double? Temperature { get; }

    /// <summary>Its log loss on labelled battles; null without labels.</summary>
    public double? LogLoss { get; init; }

    /// <summary>Share of labelled battles whose most probable outcome is the one that people chose; null without labels.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Seconds that it takes for 1,000 battles here; null for files.</summary>
    public double? SecondsPerThousand { get; init; }

    /// <summary>What looks wrong with it as a whole.</summary>
    public JsonElement Alarms => InnerJson.Of(_alarms);

    internal static IEnumerable<Section> Sections(IReadOnlyList<EnsembleMember> members)
    {
        foreach (var member in members)
        {
            foreach (var alarm in member._alarms)
                yield return new Paragraph($"Alarm, {member.Name}: {alarm.Message}");
        }

        var hasCosts = members.Any(member => member.SecondsPerThousand is not null);
        var bins = members[0].BinWeights?.Count ?? 0;
        yield return new TextTable(
            "Members",
            [
                "Member", "Weight", .. Enumerable.Range(1, bins).Select(bin => Invariant($"in bin {bin}")), "Temperature", "Log loss",
                "Accuracy", .. hasCosts ? ["Seconds for\n1,000 battles"] : Array.Empty<string>(),
            ],
            [.. members.Select(member => (string[])
            [
                member.Name, Text(member.Weight, "F3"),
                .. (member.BinWeights ?? []).Select(weight => NumberText.Of(weight, "F3")),
                Text(member.Temperature, "F3"),
                member.LogLoss is { } loss ? NumberText.Loss(loss) : "-",
                member.Accuracy is { } accuracy ? NumberText.Percent(accuracy) : "-",
                .. hasCosts ? [Text(member.SecondsPerThousand, "G3")] : Array.Empty<string>(),
            ])]);
    }

    private static string Text(double? number, string format) => number is { } value ? NumberText.Of(value, format) : "-";
}

/// <summary>What an ensemble gains on a slice of the battles.</summary>
/// <param name="Slice">The slice.</param>
/// <param name="Rows">Its battles.</param>
/// <param name="LogLoss">Log loss of the ensemble.</param>
/// <param name="Gain">By how much that is below the loss of the member that is best on all battles.</param>
/// <param name="GainInterval">95 % interval of the gain: paired, by bootstrap over prompts.</param>
public sealed record SliceGain(
    string Slice, int Rows, double LogLoss, double Gain, [property: JsonPropertyName("gain_ci")] Interval GainInterval);

/// <summary>An ensemble without one member.</summary>
/// <param name="Without">The member.</param>
/// <param name="LogLoss">Log loss of the others together.</param>
/// <param name="Difference">By how much that is above the loss of all: what the member brings.</param>
/// <param name="DifferenceInterval">95 % interval of the difference: paired, by bootstrap over prompts.</param>
public sealed record AblatedMember(
    string Without, double LogLoss, double Difference, [property: JsonPropertyName("difference_ci")] Interval DifferenceInterval);

/// <summary>Some of the members.</summary>
/// <param name="Members">Which.</param>
/// <param name="LogLoss">Log loss of their blend.</param>
/// <param name="Cost">Seconds for 1,000 battles; the number of members where times are not known.</param>
/// <param name="IsCheapest">True for the cheapest set whose loss is within one standard error of the lowest.</param>
public sealed record MemberSet(IReadOnlyList<string> Members, double LogLoss, double Cost, bool IsCheapest);
