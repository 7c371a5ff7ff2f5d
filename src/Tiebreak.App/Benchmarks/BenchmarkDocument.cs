using System.Text.Json;
using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;
using Tiebreak.Reports.Documents;
using Tiebreak.Reports.Plots;

namespace Tiebreak.App.Benchmarks;

/// <summary>A judge on a public benchmark: its scores, what they lack, and whether they are worth more than the longer answer.</summary>
public sealed class BenchmarkDocument : IDocument
{
    private readonly Benchmark _benchmark;
    private readonly string _judge;
    private readonly IReadOnlyList<string> _remarks;

    private BenchmarkDocument(Benchmark benchmark, string judge, IReadOnlyList<string> remarks) =>
        (_benchmark, _judge, _remarks) = (benchmark, judge, remarks);

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(_judge))} on {_benchmark.Title}";

    /// <summary>The benchmark's name.</summary>
    [JsonPropertyName("benchmark")]
    public string Name => _benchmark.Name;

    /// <summary>Battles of the benchmark; a row of several responses makes several.</summary>
    public int Battles { get; private init; }

    /// <summary>What became of the judge's rule of abstention on these battles; null for a judge that answers everything.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Abstention { get; private init; }

    /// <summary>Different prompts among them.</summary>
    public int Prompts { get; private init; }

    /// <summary>The benchmark's own scores, the one that it is known by first.</summary>
    public IReadOnlyList<BenchmarkScore> Scores { get; private init; } = [];

    /// <summary>What the scores lack; a name, a value with its interval, and how many battles it is about.</summary>
    public IReadOnlyList<BenchmarkMeasure> Measures { get; private init; } = [];

    /// <summary>Whether this benchmark's own file has been scored with this program, and not only rows made up by tests.</summary>
    public bool RuleWasRunOnOwnFile => _benchmark.WasRun;

    /// <summary>What the scores mean, in sentences.</summary>
    public IReadOnlyList<string> Conclusions { get; private init; } = [];

    /// <summary>Scores answers.</summary>
    /// <exception cref="InputException">The answers are not about battles of this benchmark.</exception>
    internal static BenchmarkDocument Create(
        Benchmark benchmark, string judge, IReadOnlyList<BenchmarkAnswer> answers, bool isSymmetric, IReadOnlyList<string> remarks,
        JsonElement? abstention, ulong seed, int threads)
    {
        var groups = PromptGroup.Number([.. answers.Select(answer => answer.Battle)]);
        BenchmarkAnswer[] constant = [.. answers.Select(RunBenchmark.Constant)], longer = [.. answers.Select(RunBenchmark.LongerWins)];
        var random = RunBenchmark.Random(answers, seed);
        var scores = Score(benchmark, answers, [constant, random, longer], groups, seed, threads);
        if (scores.Count == 0)
        {
            throw new InputException($"None of the battles belongs to a part of {benchmark.Title} that is scored. Give the benchmark's own "
                + "files, unchanged.");
        }

        var measures = BenchmarkMeasure.Of(answers, longer, groups, isSymmetric, seed, threads);
        return new BenchmarkDocument(benchmark, judge, remarks)
        {
            Abstention = abstention,
            Battles = answers.Count,
            Prompts = groups.Max() + 1,
            Scores = scores,
            Measures = measures,
            Conclusions = [.. ConclusionsOf(scores[0], measures)],
        };
    }

    /// <inheritdoc/>
    public IEnumerable<Section> Sections() =>
    [
        new Paragraph($"{_judge}: {Quantity.Of(Battles, "battle")} of {_benchmark.Title} about {Quantity.Of(Prompts, "prompt")}. "
            + "Intervals are bootstrapped over prompts."),
        new Paragraph(_benchmark.WasRun ? _benchmark.RuleInWords : $"{_benchmark.RuleInWords} This rule was checked on made-up rows, not "
            + "against a published result: the benchmark's own file was not at hand."),
        .. _remarks.Select(remark => new Paragraph(remark)),
        new Heading("In short") { On = Medium.Page },
        .. Conclusions.Select(sentence => new Paragraph(sentence) { On = Medium.Page }),
        new TextTable(
            "Scores", ["Score", "Judge", "95 % interval", "Rows", "Always first", "Coin", "Longer wins"],
            [.. Scores.Select(score => new[]
            {
                score.Name, NumberText.Percent(score.Value), NumberText.PercentRange(score.Interval), NumberText.Count(score.Rows),
                NumberText.Percent(score.Constant), NumberText.Percent(score.Random), NumberText.Percent(score.LongerWins),
            })]),
        new Heading("Score of the judge minus that of the longer answer") { On = Medium.Page },
        new PlotRow(new IntervalChart(
            "Score of the judge minus that of the longer answer", "points; left of zero the longer answer is better",
            [.. Scores.Select(score => (
                score.Name, 100 * (score.Value - score.LongerWins), 100 * (score.Interval.Lower - score.LongerWins),
                100 * (score.Interval.Upper - score.LongerWins), NumberText.Signed(100 * (score.Value - score.LongerWins), 1)))])),
        new TextTable(
            "What the scores lack", ["Measure", "Value", "95 % interval", "Battles"],
            [.. Measures.Select(measure => new[]
            {
                measure.Title, double.IsNaN(measure.Value) ? "not measured" : NumberText.Of(measure.Value, "F3"),
                double.IsNaN(measure.Value) ? "" : NumberText.Range(measure.Interval, 3), NumberText.Count(measure.Battles),
            })]),
        .. Conclusions.Select(sentence => new Paragraph(sentence) { On = Medium.Terminal }),
    ];

    private static List<BenchmarkScore> Score(
        Benchmark benchmark, IReadOnlyList<BenchmarkAnswer> answers, BenchmarkAnswer[][] baselines, int[] groups, ulong seed, int threads)
    {
        var ofBaselines = baselines.Select(baseline => benchmark.Rule(baseline).ToDictionary(
            rule => rule.Name, rule => rule.Of(TotalsOf(rule)), StringComparer.Ordinal)).ToList();
        return
        [
            .. benchmark.Rule(answers).Select(rule =>
            {
                double[][] columns = [.. rule.Parts.SelectMany(part => new[] { part.Values, part.Counts })];
                var interval = ClusterBootstrap.OfTotals(columns, groups, totals => [rule.Of(totals)], seed, threads: threads)[0];
                double Baseline(int k) => ofBaselines[k].GetValueOrDefault(rule.Name, double.NaN);
                return new BenchmarkScore(
                    rule.Name, rule.Of(TotalsOf(rule)), interval, rule.Parts.Sum(part => part.Rows), Baseline(0), Baseline(1), Baseline(2));
            }),
        ];
    }

    private static double[] TotalsOf(ScoreRule rule) => [.. rule.Parts.SelectMany(part => new[] { part.Values.Sum(), part.Counts.Sum() })];

    private static IEnumerable<string> ConclusionsOf(BenchmarkScore first, IReadOnlyList<BenchmarkMeasure> measures)
    {
        var beyondLength = measures.Single(measure => measure.Name is BenchmarkMeasure.BeyondLength);
        if (double.IsNaN(beyondLength.Value))
            yield break;

        var points = $"{NumberText.Of(100 * Math.Abs(beyondLength.Value), "F1")} points";
        yield return beyondLength.Interval switch
        {
            { Lower: > 0 } => $"The judge finds the better answer more often than preferring the longer one would, by {points}.",
            { Upper: < 0 } => $"The judge does worse than preferring the longer answer would, by {points}.",
            _ => $"The judge does no better than preferring the longer answer (a difference of {points} may be chance): this benchmark "
                + "shows no judgement beyond length.",
        };
        var gap = measures.FirstOrDefault(measure => measure.Name is BenchmarkMeasure.StyleGap)
            ?? measures.Single(measure => measure.Name is BenchmarkMeasure.LengthGap);
        if (gap.Value > 0.2 && gap.Interval.Lower > 0)
        {
            yield return $"It goes by looks: its accuracy is {NumberText.Of(100 * gap.Value, "F1")} points higher where the better answer "
                + $"is the {(gap.Name is BenchmarkMeasure.StyleGap ? "more elaborate" : "longer")} one.";
        }

        if (measures.Single(measure => measure.Name is BenchmarkMeasure.Accuracy) is { Interval: { Lower: < 0.5, Upper: > 0.5 } })
            yield return $"Between two answers it cannot be told from a coin ({first.Name}: {NumberText.Percent(first.Value)}).";
    }
}
