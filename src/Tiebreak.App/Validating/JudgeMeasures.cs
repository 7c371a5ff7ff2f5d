using Tiebreak.Core.Agreement;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;
using Tiebreak.Reports.Documents;
using Tiebreak.Text;

namespace Tiebreak.App.Validating;

/// <summary>Measures a judge's answers from every side that a validation reports.</summary>
internal sealed class JudgeMeasures(JudgeAnswers answers, LabelledBattles labelled, ulong seed, int threads)
{
    private const string FlipsTitle = "Flips when A and B are exchanged";
    private const string PositionTitle = "Preference for the first side";

    private static readonly Interval None = new(double.NaN, double.NaN);

    /// <summary>What the judge found most probable.</summary>
    private readonly Outcome[] _judge = [.. answers.Answers.Select(said => said.Top)];

    private readonly CalibrationError _calibration = answers.AreProbabilities
        ? CalibrationError.OfTopLabel(answers.Answers, labelled.Targets, seed, threads)
        : new CalibrationError(double.NaN, None);

    /// <summary>Whether the probabilities are farther off than chance explains; false for bare verdicts.</summary>
    public bool IsMiscalibrated => _calibration.IsBeyondChance;

    /// <summary>What people said about each battle: their verdict, or the most probable outcome of a soft label without one.</summary>
    public Outcome[] People { get; } =
        [.. labelled.Battles.Select((battle, i) => battle.Verdict?.ToOutcome() ?? labelled.Targets[i].Top)];

    /// <summary>1 where the judge agrees with people, else 0.</summary>
    public double[] Agrees => [.. _judge.Zip(People, (judge, people) => judge == people ? 1.0 : 0.0)];

    /// <summary>All measures, in the order of reports.</summary>
    public IReadOnlyList<ValidationMeasure> All()
    {
        var agreement = VerdictAgreement.Of(_judge, People, labelled.Groups, seed, threads);
        var decisive = DecisiveResult.Of(answers.Answers, labelled, seed, threads);
        ValidationMeasure Coefficient(string name, string title, Estimate estimate, string remark) => new(
            name, title, estimate.Value, estimate.Interval, labelled.Count, MeasureDirection.Higher, remark);
        return
        [
            Coefficient(MeasureNames.Agreement, "Agreement with people", agreement.Raw, Constant()),
            new(
                MeasureNames.Decisive, "Agreement, A against B", decisive.Accuracy, decisive.AccuracyInterval, decisive.Rows,
                MeasureDirection.Higher, decisive.Rows > 0 ? "where people preferred a side; a coin 50 %" : "nobody preferred a side"),
            Coefficient(MeasureNames.Kappa, "Cohen's kappa", agreement.Kappa, "0 is chance"),
            Coefficient(MeasureNames.Ac1, "Gwet's AC1", agreement.Ac1, "0 is chance, also where one verdict dominates"),
            Coefficient(MeasureNames.Alpha, "Krippendorff's alpha, nominal", agreement.Alpha, "0 is chance"),
            Coefficient(MeasureNames.OrdinalAlpha, "Krippendorff's alpha, ordinal", agreement.OrdinalAlpha, "on the scale A, tie, B"),
            .. Orders(),
            Retest(),
            Lean(
                MeasureNames.Length, "Preference for length beyond people's", "longer", battle => battle.Turns.Sum(turn =>
                    (long)(turn.ResponseA?.Length ?? 0) - (turn.ResponseB?.Length ?? 0))),
            Lean(
                MeasureNames.Style, "Preference for markdown beyond people's", "more formatted", battle => battle.Turns.Sum(turn =>
                    Markdown(turn.ResponseA) - Markdown(turn.ResponseB))),
            .. Probabilities(),
        ];
    }

    private string Constant()
    {
        var most = People.CountBy(outcome => outcome).MaxBy(count => count.Value);
        return $"always {(most.Key is Outcome.Tie ? "tie" : most.Key)}: {NumberText.Percent(most.Value, labelled.Count)}";
    }

    private IEnumerable<ValidationMeasure> Orders()
    {
        if (answers.IsSymmetric)
        {
            const string Symmetric = "the judge is symmetric: no answer depends on the order";
            var none = new Interval(0, 0);
            yield return new(MeasureNames.Flips, FlipsTitle, 0, none, labelled.Count, MeasureDirection.Lower, Symmetric);
            yield return new(MeasureNames.Position, PositionTitle, 0, none, labelled.Count, MeasureDirection.NearZero, Symmetric);
            yield break;
        }

        var needed = answers.Orders.Count == 0 ? "needs the answers with A and B exchanged" : null;
        yield return MeanOf(
            MeasureNames.Flips, FlipsTitle, MeasureDirection.Lower, needed ?? "share of verdicts that change",
            [.. answers.Orders.Select(order => (order.Battle, order.AsGiven.Top == order.Exchanged.Swapped().Top ? 0.0 : 1.0))]);
        yield return MeanOf(
            MeasureNames.Position, PositionTitle, MeasureDirection.NearZero, needed ?? "P(first) minus P(second), both orders",
            [.. answers.Orders.Select(order =>
                (order.Battle, (order.AsGiven.A + order.Exchanged.A - order.AsGiven.B - order.Exchanged.B) / 2))]);
    }

    private ValidationMeasure Retest() => MeanOf(
        MeasureNames.Retest, "Same verdict when asked again", MeasureDirection.Higher,
        answers.Retest.Count == 0 ? "needs the answers of a second time" : "share of verdicts",
        [.. answers.Retest.Select(pair => (pair.Battle, pair.First.Top == pair.Again.Top ? 1.0 : 0.0))]);

    /// <summary>By how much more a judge leans to the side that has more of something than people do.</summary>
    private ValidationMeasure Lean(string name, string title, string side, Func<Battle, long> difference)
    {
        int[] signs = [.. labelled.Battles.Select(battle => Math.Sign(difference(battle)))];
        int[] rows = [.. Enumerable.Range(0, labelled.Count).Where(i => signs[i] != 0)];
        double Of(Preference said, int i) => signs[i] * (said.A - said.B);
        var (judge, people) = (Mean(i => Of(answers.Answers[i], i)), Mean(i => Of(labelled.Targets[i], i)));
        var remark = rows.Length == 0
            ? $"no battle has a {side} side"
            : $"the {side} side minus the other: judge {NumberText.Signed(judge, 3)}, people {NumberText.Signed(people, 3)}";
        return MeanOf(
            name, title, MeasureDirection.NearZero, remark,
            [.. rows.Select(i => (i, Of(answers.Answers[i], i) - Of(labelled.Targets[i], i)))]);

        double Mean(Func<int, double> value) => rows.Select(value).DefaultIfEmpty(double.NaN).Average();
    }

    private IEnumerable<ValidationMeasure> Probabilities()
    {
        yield return new(
            MeasureNames.Calibration, "Calibration error", _calibration.Value, None, labelled.Count, MeasureDirection.Lower,
            !answers.AreProbabilities ? "needs probabilities"
            : $"chance alone {NumberText.Range(_calibration.Expected)}{(IsMiscalibrated ? " (worse)" : "")}");
        yield return MeanOf(
            MeasureNames.LogLoss, "Log loss", MeasureDirection.Lower, answers.AreProbabilities ? LossOfShares() : "needs probabilities",
            answers.AreProbabilities ? [.. LogLoss.PerRow(answers.Answers, labelled.Targets).Index()] : []);
    }

    private string LossOfShares()
    {
        var shares = new Preference(
            labelled.Targets.Average(target => target.A), labelled.Targets.Average(target => target.B),
            labelled.Targets.Average(target => target.Tie));
        return $"class shares {NumberText.Loss(labelled.Targets.Average(target => LogLoss.Of(shares, target)))}";
    }

    private ValidationMeasure MeanOf(
        string name, string title, MeasureDirection better, string remark, (int Battle, double Value)[] values)
    {
        double[] numbers = [.. values.Select(value => value.Value)];
        var interval = ClusterBootstrap.OfMean(
            numbers, PromptGroup.Renumber(values.Select(value => labelled.Groups[value.Battle])), seed, threads: threads);
        return new(name, title, numbers.DefaultIfEmpty(double.NaN).Average(), interval, numbers.Length, better, remark);
    }

    private static long Markdown(string? text)
    {
        var counts = MarkdownCounts.Of(text);
        return counts.Headers + counts.Bullets + counts.Numbered + counts.Bold;
    }
}
