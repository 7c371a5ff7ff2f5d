using System.Globalization;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Evaluation;

/// <summary>
/// Looks for the mistakes that make a file of answers worthless though every row of it is valid. Each is tested by the log loss that the
/// answers would have without it: a paired difference, with prompts as the units, must lie many standard errors from zero, so that an
/// honest judge on a few hundred battles raises no alarm.
/// </summary>
internal static class PredictionAlarms
{
    private const double Errors = 4.5; // standard errors; one honest judge in 300,000
    private const double ErrorsOfScale = 3; // beside a temperature that is far from 1
    private const double Worth = 2; // standard errors by which answers must beat the class shares to be worth something
    private const int FewestPrompts = 20; // standard errors of fewer mean nothing
    private const int LongestShift = 5;
    private const double EqualWithin = 1e-6;
    private const double NearlyAll = 0.99;
    private const double FarTooOften = 0.2;
    private const double LeastGain = 0.02; // nats
    private const double Flat = 0.4; // temperatures
    private const double Sharp = 2.5;

    /// <summary>Looks at answers about labelled battles.</summary>
    /// <param name="predicted">One preference per battle, in their order.</param>
    /// <param name="labelled">The battles and their labels, in the order of their file.</param>
    /// <param name="areProbabilities">False for verdicts that are written as certainties; their sharpness means nothing.</param>
    public static IReadOnlyList<PredictionAlarm> Find(
        IReadOnlyList<Preference> predicted, LabelledBattles labelled, bool areProbabilities = true) =>
        Find(predicted, labelled.Targets, labelled.Groups, areProbabilities, "people");

    /// <summary>Looks at answers beside those of another judge about the same battles.</summary>
    /// <param name="predicted">One preference per battle.</param>
    /// <param name="reference">What the other judge says.</param>
    /// <param name="name">What to call the other judge.</param>
    public static IReadOnlyList<PredictionAlarm> FindBeside(
        IReadOnlyList<Preference> predicted, IReadOnlyList<Preference> reference, string name) =>
        [
            .. Find(predicted, reference, [.. Enumerable.Range(0, predicted.Count)], areProbabilities: true, name)
                .Where(alarm => alarm.Kind is not (PredictionAlarmKind.TooFlat or PredictionAlarmKind.TooSharp
                    or PredictionAlarmKind.WorseThanShares)),
        ];

    private static List<PredictionAlarm> Find(
        IReadOnlyList<Preference> predicted,
        IReadOnlyList<Preference> targets,
        IReadOnlyList<int> groups,
        bool areProbabilities,
        string reference)
    {
        if (predicted.Count < 2)
            return [];
        if (predicted.All(said => IsNear(said, predicted[0])))
            return [Constant(predicted[0])];
        if (groups.Max() + 1 < FewestPrompts)
            return [];
        if (OneClass(predicted, targets, groups, reference) is { } oneClass)
            return [oneClass];

        // Where nobody called a tie, it is no mistake to expect some: the question is A against B.
        if (targets.All(target => target.Tie == 0))
            predicted = [.. predicted.Select(WithoutTie)];
        var own = LogLoss.PerRow(predicted, targets);
        var prior = PriorJudge.SharesOf(targets);
        double[] ofShares = [.. targets.Select(target => LogLoss.Of(prior, target))];
        var alarms = new List<PredictionAlarm>();
        if (Exchanged(predicted, targets, groups, own, reference) is { } exchanged)
            alarms.Add(exchanged);
        else if (Shifted(predicted, targets, groups, own, ofShares, reference) is { } shifted)
            alarms.Add(shifted);
        if (!areProbabilities || alarms.Count > 0)
            return alarms;
        if (Scaled(predicted, targets, groups, own, ofShares) is { } scaled)
            return [scaled];

        double[] excess = [.. own.Zip(ofShares, (judge, shares) => judge - shares)];
        if (IsBeyond(excess, groups))
        {
            alarms.Add(new PredictionAlarm(
                PredictionAlarmKind.WorseThanShares,
                $"The log loss of {Text(own.Average())} is worse than that of always giving the class shares ({Text(ofShares.Average())}), "
                + "and none of the usual mistakes explains it: the judge may be for another kind of data."));
        }

        return alarms;
    }

    private static Preference WithoutTie(Preference said) =>
        said.A + said.B > 0 ? Preference.Normalised(said.A, said.B, 0) : new Preference(0.5, 0.5, 0);

    private static PredictionAlarm Constant(Preference said) => new(PredictionAlarmKind.Constant, string.Create(
        CultureInfo.InvariantCulture,
        $"Every battle gets the same preference ({said.A:P1}, {said.B:P1}, {said.Tie:P1}): the judge does not look at the texts. ")
        + "A model whose head was not loaded, or a fallback in place of it, answers like that.");

    private static PredictionAlarm? OneClass(
        IReadOnlyList<Preference> predicted, IReadOnlyList<Preference> targets, IReadOnlyList<int> groups, string reference)
    {
        var most = predicted.CountBy(said => said.Top).MaxBy(count => count.Value);
        double[] excess = [.. predicted.Zip(targets, (said, target) => said[most.Key] - target[most.Key])];
        if (most.Value < NearlyAll * predicted.Count || excess.Average() < FarTooOften || !IsBeyond(excess, groups))
            return null;

        var (called, share) = (most.Value / (double)predicted.Count, targets.Average(target => target[most.Key]));
        return new PredictionAlarm(PredictionAlarmKind.OneClass, string.Create(
            CultureInfo.InvariantCulture,
            $"{called:P1} of the battles are called {NameOf(most.Key)}, where {reference} said so in {share:P1}: the judge has collapsed ")
            + "to one class, or the answers were not read as they were meant.");
    }

    private static PredictionAlarm? Exchanged(
        IReadOnlyList<Preference> predicted, IReadOnlyList<Preference> targets, IReadOnlyList<int> groups, double[] own, string reference)
    {
        double[] exchanged = [.. predicted.Zip(targets, (said, target) => LogLoss.Of(said.Swapped(), target))];
        return !IsBeyond([.. own.Zip(exchanged, (one, other) => one - other)], groups) ? null : new PredictionAlarm(
            PredictionAlarmKind.Exchanged,
            $"A and B look exchanged: with the two swapped the log loss would be {Text(exchanged.Average())} instead of "
            + $"{Text(own.Average())}. Either the columns (or the responses that were judged) stand in another order, or the judge "
            + $"prefers what {reference} here do not.");
    }

    private static PredictionAlarm? Shifted(
        IReadOnlyList<Preference> predicted,
        IReadOnlyList<Preference> targets,
        IReadOnlyList<int> groups,
        double[] own,
        double[] ofShares,
        string reference)
    {
        // Neighbours may be about one prompt and much alike: only answers that are worth nothing where they stand can be out of place.
        if (IsBeyond([.. ofShares.Zip(own, (shares, judge) => shares - judge)], groups, Worth))
            return null;

        for (var shift = 1; shift <= LongestShift; shift++)
        {
            foreach (var by in (int[])[shift, -shift])
            {
                int[] rows = [.. Enumerable.Range(0, predicted.Count).Where(i => i + by >= 0 && i + by < predicted.Count)];
                double[] moved = [.. rows.Select(i => LogLoss.Of(predicted[i + by], targets[i]))];
                if (rows.Length == 0 || !IsBeyond([.. rows.Select((i, k) => own[i] - moved[k])], [.. rows.Select(i => groups[i])]))
                    continue;
                return new PredictionAlarm(
                    PredictionAlarmKind.Shifted,
                    $"The rows look shifted: the answer {Quantity.Of(shift, "row")} {(by > 0 ? "below" : "above")} fits {reference} better "
                    + $"than a battle's own (log loss {Text(moved.Average())} instead of {Text(own.Average())}). Ids and answers were put "
                    + "together in another order.");
            }
        }

        return null;
    }

    private static PredictionAlarm? Scaled(
        IReadOnlyList<Preference> predicted, IReadOnlyList<Preference> targets, IReadOnlyList<int> groups, double[] own, double[] ofShares)
    {
        if (predicted.All(said => said[said.Top] > 1 - EqualWithin))
        {
            return new PredictionAlarm(
                PredictionAlarmKind.TooSharp, "Every answer is a certainty: these are verdicts that were written as probabilities.");
        }

        var temperature = Temperature.Fit(predicted, targets);
        double[] rescaled = [.. predicted.Select((said, i) => LogLoss.Of(temperature.Apply(said), targets[i]))];
        double[] gains = [.. own.Zip(rescaled, (before, after) => before - after)];
        if (temperature.Value is > Flat and < Sharp || gains.Average() < LeastGain || !IsBeyond(gains, groups, ErrorsOfScale))
            return null;

        // Noise is best flattened away: only answers that are worth something on another scale are on the wrong one.
        if (!IsBeyond([.. ofShares.Zip(rescaled, (shares, judge) => shares - judge)], groups, Worth))
            return null;

        var gain = string.Create(
            CultureInfo.InvariantCulture, $" (temperature {temperature.Value:F2} would lower the log loss by {gains.Average():F4})");
        return temperature.Value < 1
            ? new PredictionAlarm(
                PredictionAlarmKind.TooFlat,
                $"The probabilities are far too flat{gain}: as if softmax had been applied to what were probabilities already, or the "
                + "judge had been calibrated on much harder battles.")
            : new PredictionAlarm(
                PredictionAlarmKind.TooSharp,
                $"The probabilities are far too sharp{gain}: as scores or verdicts are that were written as probabilities, or the answers "
                + "of a judge that was never calibrated.");
    }

    /// <summary>Whether the mean of differences lies far above zero, rows about one prompt counting as one observation.</summary>
    private static bool IsBeyond(double[] differences, IReadOnlyList<int> groups, double errors = Errors)
    {
        var mean = differences.Average();
        var deviations = new double[groups.Max() + 1];
        for (var i = 0; i < differences.Length; i++)
            deviations[groups[i]] += differences[i] - mean;
        return mean > errors * Math.Sqrt(deviations.Sum(deviation => deviation * deviation)) / differences.Length && mean > 0;
    }

    private static bool IsNear(Preference one, Preference other) =>
        Math.Abs(one.A - other.A) < EqualWithin && Math.Abs(one.B - other.B) < EqualWithin && Math.Abs(one.Tie - other.Tie) < EqualWithin;

    private static string Text(double loss) => loss.ToString("F4", CultureInfo.InvariantCulture);

    private static string NameOf(Outcome outcome) => outcome is Outcome.Tie ? "a tie" : $"a win of {outcome}";
}
