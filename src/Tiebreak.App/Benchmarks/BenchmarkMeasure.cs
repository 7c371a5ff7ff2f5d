using System.Text.Json.Serialization;
using Tiebreak.Core.Agreement;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;

namespace Tiebreak.App.Benchmarks;

/// <summary>What the scores of benchmarks do not show: chance, the order of A and B, and looks.</summary>
/// <param name="Name">Its name in JSON.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Value">The number; NaN where no battle tells.</param>
/// <param name="Interval">95 % interval, by bootstrap over prompts.</param>
/// <param name="Battles">Battles with a preferred side that it is about.</param>
public sealed record BenchmarkMeasure(
    string Name, string Title, double Value, [property: JsonPropertyName("ci")] Interval Interval, int Battles)
{
    internal const string Accuracy = "accuracy";
    internal const string BeyondLength = "beyond_length";
    internal const string LengthGap = "length_gap";
    internal const string StyleGap = "style_gap";

    private static readonly Interval None = new(double.NaN, double.NaN);

    /// <summary>Measures answers about battles with a preferred side.</summary>
    /// <param name="answers">The judge's answers.</param>
    /// <param name="longer">The answers of the judge that prefers the longer response.</param>
    /// <param name="groups">The prompt group of each battle.</param>
    /// <param name="isSymmetric">Whether the judge is symmetric by construction.</param>
    /// <param name="seed">Seed of the bootstrap.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it.</param>
    internal static IReadOnlyList<BenchmarkMeasure> Of(
        IReadOnlyList<BenchmarkAnswer> answers, IReadOnlyList<BenchmarkAnswer> longer, int[] groups, bool isSymmetric, ulong seed,
        int threads)
    {
        int[] rows = [.. Enumerable.Range(0, answers.Count).Where(i => answers[i].HasWinner)];
        if (rows.Length == 0)
            return [.. new[] { Accuracy, BeyondLength, LengthGap }.Select(name => new BenchmarkMeasure(name, name, double.NaN, None, 0))];

        var ofRows = PromptGroup.Renumber(rows.Select(i => groups[i]));
        double[] right = [.. rows.Select(i => DecisiveResult.IsRight(answers[i].Said, answers[i].Better))];
        double[] ofLonger = [.. rows.Select(i => DecisiveResult.IsRight(longer[i].Said, longer[i].Better))];
        // A choice between two: who prefers neither is wrong, as in the scores.
        var agreement = VerdictAgreement.Of(
            [.. rows.Select(i => answers[i].IsRight ? answers[i].Better : Other(answers[i].Better))],
            [.. rows.Select(i => answers[i].Better)], ofRows, seed, threads);
        return
        [
            Mean(Accuracy, "Accuracy between A and B", right),
            Mean(BeyondLength, "Accuracy minus that of the longer answer", [.. right.Zip(ofLonger, (judge, other) => judge - other)]),
            new("kappa", "Cohen's kappa", agreement.Kappa.Value, agreement.Kappa.Interval, rows.Length),
            new("ac1", "Gwet's AC1", agreement.Ac1.Value, agreement.Ac1.Interval, rows.Length),
            isSymmetric
                ? new("flips", "Flips when A and B are exchanged (the judge is symmetric)", 0, new Interval(0, 0), rows.Length)
                : Mean("flips", "Flips when A and B are exchanged", [.. rows.Select(i =>
                    BenchmarkAnswer.SideOf(answers[i].First) == BenchmarkAnswer.SideOf(answers[i].Second) ? 0.0 : 1.0)]),
            Gap(
                LengthGap, "Accuracy where the better answer is the longer one, minus where it is not", k => ofLonger[k] == 1,
                k => ofLonger[k] == 0),
            .. answers.Any(answer => answer.Has("hard")) && answers.Any(answer => answer.Has("easy"))
                ? [Gap(StyleGap, "Accuracy on easy styles minus that on hard ones", k => Has(k, "easy"), k => Has(k, "hard"))]
                : Array.Empty<BenchmarkMeasure>(),
        ];

        bool Has(int k, string tag) => answers[rows[k]].Has(tag);

        BenchmarkMeasure Mean(string name, string title, double[] values) => new(
            name, title, values.Average(), ClusterBootstrap.OfMean(values, ofRows, seed, threads: threads), values.Length);

        BenchmarkMeasure Gap(string name, string title, Func<int, bool> one, Func<int, bool> other)
        {
            double[] Column(Func<int, bool> included, bool ofRight) =>
                [.. Enumerable.Range(0, rows.Length).Select(k => !included(k) ? 0 : ofRight ? right[k] : 1)];
            double[][] columns =
            [
                Column(one, ofRight: true), Column(one, ofRight: false), Column(other, ofRight: true), Column(other, ofRight: false),
            ];
            double[] Values(double[] totals) => [(totals[0] / totals[1]) - (totals[2] / totals[3])];
            return new(
                name, title, Values([.. columns.Select(column => column.Sum())])[0],
                ClusterBootstrap.OfTotals(columns, ofRows, Values, seed, threads: threads)[0], (int)(columns[1].Sum() + columns[3].Sum()));
        }
    }

    private static Outcome Other(Outcome side) => side is Outcome.A ? Outcome.B : Outcome.A;
}
