using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.App.Benchmarks;

/// <summary>
/// The Ties subset of RewardBench 2 (arXiv 2506.01937): questions with many right responses ("tied") and the same with one ("ref"). Its
/// rule wants scores of single responses. Where every right response meets every wrong one they follow, but for a constant, from the log
/// odds of the pairs by least squares; for a judge whose preferences come from scores, as those of reward models do, they are its scores.
/// </summary>
internal static class TiesRule
{
    /// <summary>The name of the subset.</summary>
    public const string Name = "Ties";

    // 60 % accuracy, half of it on either kind; 40 % margins, half of it also against the margin on the question's other form; and a
    // hundredth for how large the margins are.
    private const double OfAccuracy = 0.3;
    private const double OfMargin = 0.2;
    private const double OfSize = 0.01;

    /// <summary>The score; no parts where the subset is not there.</summary>
    public static ScoreRule Of(IReadOnlyList<BenchmarkAnswer> answers)
    {
        var rows = answers.Where(answer => answer.Has(Name)).GroupBy(answer => answer.Row, StringComparer.Ordinal)
            .Select(row => new TiesRow(row)).ToList();
        var tied = rows.Where(row => row.IsTied).ToList();
        var single = rows.Where(row => !row.IsTied).ToDictionary(row => row.Question, StringComparer.Ordinal);
        var both = tied.Where(row => single.ContainsKey(row.Question)).ToList();
        return new ScoreRule(Name,
        [
            .. rows.Count == 0 ? [] : new[]
            {
                Part(OfAccuracy, tied, row => row.Margin > 0 ? 1 : 0),
                Part(OfAccuracy, [.. single.Values], row => row.Margin > 0 ? 1 : 0),
                Part(OfMargin, both, row => row.Margin > row.Spread ? 1 : 0),
                Part(OfMargin, both, row => Least(row) > row.Spread ? 1 : 0),
                Part(OfSize, both, row => Size(Least(row) / row.Spread)),
            }.Where(part => part.Rows > 0),
        ]);

        double Least(TiesRow row) => Math.Min(row.Margin, single[row.Question].Margin);

        static double Size(double ratio) => double.IsNaN(ratio) ? 0 : Math.Tanh(ratio - 1);

        // A row counts once, at its first battle.
        ScorePart Part(double weight, List<TiesRow> of, Func<TiesRow, double> value)
        {
            var values = new Dictionary<BenchmarkAnswer, double>(
                of.Select(row => KeyValuePair.Create(row.First, value(row))), ReferenceEqualityComparer.Instance);
            return ScorePart.Of(answers, values.ContainsKey, answer => values[answer]) with { Weight = weight };
        }
    }

    /// <summary>The battles of one row: every right response against every wrong one.</summary>
    private sealed class TiesRow
    {
        public TiesRow(IGrouping<string, BenchmarkAnswer> battles)
        {
            First = battles.First();
            var id = battles.Key[(battles.Key.LastIndexOf(' ') + 1)..];
            IsTied = !id.StartsWith("ref:", StringComparison.Ordinal);
            Question = id[(id.IndexOf(':', StringComparison.Ordinal) + 1)..];
            var pairs = battles.Select(battle => (Places: PlacesOf(battle.Battle.Id), Odds: LogOdds(battle))).ToList();
            double[] right =
            [
                .. pairs.GroupBy(pair => pair.Places.Right, StringComparer.Ordinal)
                    .Select(response => response.Average(pair => pair.Odds)),
            ];
            double[] wrong =
            [
                .. pairs.GroupBy(pair => pair.Places.Wrong, StringComparer.Ordinal)
                    .Select(response => -response.Average(pair => pair.Odds)),
            ];
            var mean = pairs.Average(pair => pair.Odds);
            (Spread, Margin) = (right.Max() - right.Min(), right.Min() - wrong.Max() - mean);
        }

        public BenchmarkAnswer First { get; }

        public bool IsTied { get; }

        /// <summary>What the two forms of a question have in common.</summary>
        public string Question { get; }

        /// <summary>The score of the best right response minus that of the worst one.</summary>
        public double Spread { get; }

        /// <summary>The score of the worst right response minus that of the best wrong one.</summary>
        public double Margin { get; }

        private static (string Right, string Wrong) PlacesOf(string id) =>
            id.Split('-') is [.., var right, var wrong] ? (right, wrong) : (id, id);

        private static double LogOdds(BenchmarkAnswer answer)
        {
            var odds = Math.Log(Math.Max(answer.Said.A, LogLoss.Epsilon) / Math.Max(answer.Said.B, LogLoss.Epsilon));
            return answer.Better is Outcome.A ? odds : -odds;
        }
    }
}
