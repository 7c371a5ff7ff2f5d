using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Drift;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Watching;

/// <summary>Whether a judge and its votes are as they were.</summary>
public sealed class WatchDocument : IDocument
{
    private const int MostShifts = 12;

    private readonly string _judge;
    private readonly DriftReference _reference;
    private readonly bool _hasReferenceFile;
    private readonly int _compared;

    internal WatchDocument(string judge, WatchState state)
    {
        (_judge, _reference) = (judge, state.Reference);
        (_hasReferenceFile, _compared) = (state.ReferenceFile is not null, state.ReferenceBattles);
        var monitor = new DriftMonitor(state.Reference, state.Drift);
        Votes = state.Votes;
        RecentVotes = state.Recent.Count;
        RecentLogLoss = state.Recent.Select(vote => vote.LogLoss).DefaultIfEmpty(double.NaN).Average();
        RecentTieShare = state.Recent.Select(vote => vote.Tie).DefaultIfEmpty(double.NaN).Average();
        RecentOverconfidence = state.Recent.Average(vote => vote.Overconfidence);
        Watched =
        [
            new WatchedMeasure("log_loss", "log loss above the reference", monitor.Loss),
            .. monitor.Overconfidence is { } process
                ? new[] { new WatchedMeasure("overconfidence", "judge surer than it is right", process) } : [],
            new WatchedMeasure("more_ties", "more ties", monitor.MoreTies),
            new WatchedMeasure("fewer_ties", "fewer ties", monitor.FewerTies),
        ];
        Shifts = SliceShift.Of(state);
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => $"Watch of {Path.GetFileName(Path.TrimEndingDirectorySeparator(_judge))}";

    /// <summary>True if an alarm was raised, now or earlier.</summary>
    public bool IsAlarm => Watched.Any(measure => measure.AlarmAt is not null);

    /// <summary>Votes that the watch has taken in, of all days.</summary>
    public int Votes { get; }

    /// <summary>Those that are new today.</summary>
    public int NewVotes { get; init; }

    /// <summary>Votes of today's files that were taken in before.</summary>
    public int KnownVotes { get; init; }

    /// <summary>Battles that the judge was trained on; they are left out.</summary>
    public int TrainedOn { get; init; }

    /// <summary>The file in which the watch goes on; null where nothing is kept.</summary>
    public string? StateFile { get; init; }

    /// <summary>The log loss of the reference, in nats.</summary>
    public double ReferenceLogLoss => _reference.LogLoss;

    /// <summary>What it may be: the upper end of the reference's 95 % interval.</summary>
    public double MostLogLoss => _reference.MostLogLoss;

    /// <summary>The share of ties in the reference.</summary>
    public double ReferenceTieShare => _reference.TieShare;

    /// <summary>The overconfidence of the reference, 1 if it was calibrated; null where an earlier version began the watch.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ReferenceOverconfidence => _reference.Overconfidence?.Value;

    /// <summary>What it may be: the upper end of the reference's 95 % interval.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MostOverconfidence => _reference.Overconfidence?.Most;

    /// <summary>How many of the last votes the recent numbers and <see cref="Shifts"/> are about.</summary>
    public int RecentVotes { get; }

    /// <summary>The log loss of the last votes.</summary>
    public double RecentLogLoss { get; }

    /// <summary>The overconfidence on the last votes: how many times more probable the class shares find them than the judge.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? RecentOverconfidence { get; }

    /// <summary>The share of ties among the last votes.</summary>
    public double RecentTieShare { get; }

    /// <summary>What is watched, and the evidence of a change.</summary>
    public IReadOnlyList<WatchedMeasure> Watched { get; }

    /// <summary>What the last votes have more or less of than usual, the largest first. By itself that is no alarm.</summary>
    public IReadOnlyList<SliceShift> Shifts { get; }

    /// <inheritdoc/>
    public IEnumerable<Section> Sections()
    {
        yield return new Paragraph(
            $"{_judge}: {Quantity.Of(Votes, "vote")} watched, {NewVotes:N0} of them new"
            + (KnownVotes > 0 ? $"; {Quantity.Of(KnownVotes, "vote")} of the files had been taken in before" : "")
            + (TrainedOn > 0 ? $"; {Quantity.Of(TrainedOn, "battle")} that the judge was trained on left out" : "")
            + (StateFile is null ? ". Nothing is kept: name a state to go on another day." : "."));
        yield return new Paragraph(
            $"Reference: {(_hasReferenceFile ? "the file" : "the validation in the bundle")}, {Quantity.Of(_reference.Rows, "battle")}.");
        yield return new TextTable(
            "Now and then", ["", "Reference", "No reason for an alarm", $"Last {Quantity.Of(RecentVotes, "vote")}"],
            [
                [
                    "log loss", NumberText.Loss(_reference.LogLoss), $"up to {NumberText.Loss(_reference.MostLogLoss)}",
                    NumberText.Loss(RecentLogLoss),
                ],
                .. _reference.Overconfidence is { } overconfidence
                    ? new string[][]
                    {
                        [
                            "overconfidence", NumberText.Loss(overconfidence.Value), $"up to {NumberText.Loss(overconfidence.Most)}",
                            NumberText.Loss(RecentOverconfidence ?? double.NaN),
                        ],
                    }
                    : [],
                [
                    "ties", NumberText.Percent(_reference.TieShare),
                    $"{NumberText.Percent(_reference.LeastTieShare)} to {NumberText.Percent(_reference.MostTieShare)}",
                    NumberText.Percent(RecentTieShare),
                ],
            ]);
        if (_reference.Overconfidence is null)
        {
            yield return new Paragraph(
                "How sure the judge is beside how right is not watched, because an earlier version of Tiebreak made the bundle or began "
                + "this watch. Another state with a reference would watch it, and find most changes with fewer votes.");
        }

        yield return new TextTable(
            "Evidence of a change", ["Watched", "Evidence", "Alarm from", "Alarm"],
            [.. Watched.Select(measure => new[]
            {
                measure.Title, NumberText.Of(measure.Evidence, "0.00"), NumberText.Of(measure.Needed, "0"),
                measure.AlarmAt is { } vote ? $"at vote {vote:N0}" : "",
            })]);
        if (Shifts.Count > 0)
        {
            yield return new TextTable(
                "What the last votes are like", ["", "Before", "Now", "Log loss now"],
                [.. Shifts.Take(MostShifts).Select(shift => new[]
                {
                    shift.Slice, NumberText.Percent(shift.Before), NumberText.Percent(shift.Now), NumberText.Loss(shift.LogLoss),
                })]);
        }

        yield return new Paragraph(Conclusion());
    }

    private string Conclusion()
    {
        var compared = _hasReferenceFile ? "the reference" : $"the first {Quantity.Of(_compared, "vote")}";
        var shifted = Shifts.Count > 0
            ? $"Beside {compared}, the last votes differ in: {string.Join("; ", Shifts.Take(3).Select(shift => shift.Slice))}."
            : $"In length, language, models and the other slices the last votes are like {compared}.";
        return IsAlarm
            ? $"Alarm: {string.Join(", ", Watched.Where(measure => measure.AlarmAt is not null).Select(measure => measure.Title))}. "
                + $"{shifted} The alarm stands until a new watch begins with another state."
            : $"No alarm. {shifted}";
    }
}

/// <summary>Something that is watched, and the evidence that it has changed.</summary>
public sealed record WatchedMeasure
{
    internal WatchedMeasure(string name, string title, BettingProcess process) =>
        (Name, Title, Evidence, Needed, AlarmAt) = (name, title, process.Evidence, process.Needed, process.AlarmAt);

    /// <summary>Its name: <c>log_loss</c>, <c>overconfidence</c>, <c>more_ties</c> or <c>fewer_ties</c>.</summary>
    public string Name { get; }

    /// <summary>The change that would be an alarm, in words.</summary>
    [JsonIgnore]
    public string Title { get; }

    /// <summary>The e-value: 1 is no evidence. It stays as it was when the alarm was raised.</summary>
    public double Evidence { get; }

    /// <summary>The evidence from which on there is an alarm.</summary>
    public double Needed { get; }

    /// <summary>The vote at which the alarm was raised, counted from 1; null for none.</summary>
    public int? AlarmAt { get; }
}
