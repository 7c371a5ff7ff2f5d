using System.Globalization;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Ensembles;

/// <summary>What looks wrong with a member of an ensemble as a whole, with the usual cause.</summary>
internal static class MemberAlarms
{
    private const int FewestRows = 50;
    private const double Anticorrelated = -0.2;
    private const double NeverSaid = 0.02; // no battle gets more of a class that is missing
    private const double OftenSaid = 0.05; // a class that people, or the other members, name

    /// <summary>Looks at a member beside the labels.</summary>
    /// <param name="members">For each member one preference per battle.</param>
    /// <param name="member">Which one.</param>
    /// <param name="labelled">The battles, in the order of their file.</param>
    public static IReadOnlyList<PredictionAlarm> Find(
        IReadOnlyList<IReadOnlyList<Preference>> members, int member, LabelledBattles labelled) =>
        [
            .. PredictionAlarms.Find(members[member], labelled).Select(WithCause),
            .. MissingClasses(members[member], labelled.Targets, "people"),
            .. AntiCorrelated(members, member),
        ];

    /// <summary>Looks at a member beside the others, where there are no labels.</summary>
    public static IReadOnlyList<PredictionAlarm> FindBeside(IReadOnlyList<IReadOnlyList<Preference>> members, int member)
    {
        // One member with A and B exchanged spoils the mean of the others for all of them: correlations of pairs tell who it is.
        var others = MeanOfOthers(members, member);
        return
        [
            .. PredictionAlarms.FindBeside(members[member], others, "the other members")
                .Where(alarm => members.Count == 2 || alarm.Kind != PredictionAlarmKind.Exchanged),
            .. MissingClasses(members[member], others, "the other members"),
            .. AntiCorrelated(members, member),
        ];
    }

    /// <summary>Pearson's correlation of how much two members prefer A to B; NaN where one never prefers either.</summary>
    public static double Correlation(IReadOnlyList<Preference> one, IReadOnlyList<Preference> other) => PreferenceComparison.CorrelationOf(
        [.. one.Select(said => said.A - said.B)], [.. other.Select(said => said.A - said.B)]);

    private static PredictionAlarm WithCause(PredictionAlarm alarm) => alarm.Kind is not PredictionAlarmKind.WorseThanShares
        ? alarm
        : alarm with
        {
            Message = alarm.Message + " Of a language model: an adapter that was not loaded, a head that was left random, or another "
                + "tokenizer than in training.",
        };

    private static IEnumerable<PredictionAlarm> MissingClasses(
        IReadOnlyList<Preference> said, IReadOnlyList<Preference> targets, string reference)
    {
        foreach (var outcome in said.Count < FewestRows ? [] : Enum.GetValues<Outcome>())
        {
            var share = targets.Average(target => target[outcome]);
            if (share < OftenSaid || said.Any(preference => preference[outcome] > NeverSaid))
                continue;
            yield return new PredictionAlarm(PredictionAlarmKind.MissingClass, string.Create(
                CultureInfo.InvariantCulture,
                $"No battle gets more than {NeverSaid:P0} of {(outcome is Outcome.Tie ? "a tie" : $"a win of {outcome}")}, ")
                + string.Create(CultureInfo.InvariantCulture, $"which {reference} named in {share:P1}: the judge was trained on data ")
                + "without it, or a column is missing.");
        }
    }

    private static IEnumerable<PredictionAlarm> AntiCorrelated(IReadOnlyList<IReadOnlyList<Preference>> members, int member)
    {
        if (members[member].Count < FewestRows)
            yield break;

        double[] correlations =
        [
            .. members.Where((_, k) => k != member).Select(other => Correlation(members[member], other))
                .Where(correlation => !double.IsNaN(correlation)).Order(),
        ];
        if (correlations.Length < 2) // of two that contradict each other nobody knows which is wrong
            yield break;
        var median = Quantile.Of(correlations, 0.5);
        if (median < Anticorrelated)
        {
            yield return new PredictionAlarm(PredictionAlarmKind.AntiCorrelated, string.Create(
                CultureInfo.InvariantCulture,
                $"It prefers A where the other members prefer B (median correlation {median:F2}): A and B are exchanged in its columns or ")
                + "in what it was asked, or its rows belong to other battles.");
        }
    }

    private static Preference[] MeanOfOthers(IReadOnlyList<IReadOnlyList<Preference>> members, int member)
    {
        IReadOnlyList<Preference>[] others = [.. members.Where((_, k) => k != member)];
        var blend = Blend.Equal(Pooling.Linear, others.Length);
        return [.. Enumerable.Range(0, members[member].Count).Select(i => blend.Apply([.. others.Select(said => said[i])], battle: null))];
    }
}
