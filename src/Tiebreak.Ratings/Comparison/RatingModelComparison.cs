using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Models;
using Tiebreak.Ratings.Online;
using Tiebreak.Ratings.Uncertainty;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Comparison;

/// <summary>
/// All rating models side by side on held-out votes, so that the better model of ties is visible. Folds keep clusters together; a penalty
/// of 0.1 keeps ratings finite where a fold leaves somebody without a loss. Bradley-Terry and Elo, which know no ties, get the share of
/// ties of the training votes.
/// </summary>
public static class RatingModelComparison
{
    private const int Folds = 5;
    private const double Penalty = 0.1;
    private const string Reference = "Bradley-Terry";

    /// <summary>Compares the models, the best first.</summary>
    /// <param name="votes">The votes in time order, which matters to Elo.</param>
    /// <param name="clusters">The cluster of each vote, or null if votes are independent.</param>
    /// <param name="seed">Seed of the folds.</param>
    public static IReadOnlyList<RatingModelScore> Run(VoteSet votes, int[]? clusters, ulong seed)
    {
        clusters ??= [.. Enumerable.Range(0, votes.Count)];
        var folds = HeldOut.Folds(clusters, Folds, seed);
        var counts = VoteCounts.Of(votes);
        var losses = Names(votes).ToDictionary(name => name, _ => new double[votes.Count], StringComparer.Ordinal);
        var calibration = losses.Keys.ToDictionary(
            name => name, _ => (Win: new BinnedError(), Tie: new BinnedError()), StringComparer.Ordinal);
        for (var fold = 0; fold < Folds; fold++)
        {
            var (train, test) = (HeldOut.Rows(folds, row => row != fold), HeldOut.Rows(folds, row => row == fold));
            if (train.Length == 0 || test.Length == 0)
                continue;
            foreach (var (name, predict) in Predictors(votes.At(train)).Where(model => losses.ContainsKey(model.Name)))
                Score(predict, votes, counts, test, losses[name], calibration[name]);
        }

        return [.. losses.Select(model =>
        {
            var mean = PairedMean.Of(model.Value, losses[Reference], votes.Weights, clusters);
            var (win, tie) = calibration[model.Key];
            return new RatingModelScore(
                model.Key, mean.Value, mean.Value - mean.Reference, mean.DifferenceInterval, win.Value(), tie.Value());
        }).OrderBy(score => score.LogLoss)];
    }

    private static List<string> Names(VoteSet votes) =>
        [
            "shares alone",
            Reference,
            "Rao-Kupper",
            "Davidson",
            .. Array.Exists(votes.Verdicts, verdict => verdict == Verdict.BothBad) ? new[] { "grounded Rao-Kupper" } : [],
            "online Elo",
        ];

    private static IEnumerable<(string Name, Func<int, int, Preference> Predict)> Predictors(VoteSet train)
    {
        var counts = VoteCounts.Of(train);
        var shares = new double[VoteCounts.Outcomes];
        Span<VerdictShare> buffer = stackalloc VerdictShare[VoteSet.MostShares];
        for (var i = 0; i < train.Count; i++)
        {
            foreach (var (verdict, share) in train.Shares(i, buffer))
                shares[(int)verdict] += share * (train.Weights?[i] ?? 1) / counts.TotalWeight;
        }

        var ties = shares[2] + shares[3];
        yield return ("shares alone", (_, _) => new Preference(shares[0], shares[1], ties));
        (string Name, RatingModel Model)[] models =
        [
            (Reference, RatingModel.BradleyTerry), ("Rao-Kupper", RatingModel.RaoKupper),
            ("Davidson", RatingModel.Davidson), ("grounded Rao-Kupper", RatingModel.GroundedRaoKupper),
        ];
        foreach (var (name, model) in models)
        {
            if ((model != RatingModel.GroundedRaoKupper || shares[3] > 0) && (model == RatingModel.BradleyTerry || ties > 0))
            {
                var fit = RatingFit.Of(counts, model, Penalty);
                yield return (name, (a, b) => fit.Predict(a, b).ToPreference());
            }
            else
            {
                yield return (name, (_, _) => new Preference(shares[0], shares[1], ties));
            }
        }

        var elo = OnlineElo.Rate(train, OnlineElo.Order(train, timestamps: null));
        yield return ("online Elo", (a, b) => WithTies(EloScale.ExpectedScore(elo[a] - elo[b]), ties));
    }

    private static Preference WithTies(double win, double ties) => new((1 - ties) * win, (1 - ties) * (1 - win), ties);

    private static void Score(
        Func<int, int, Preference> predict, VoteSet votes, VoteCounts counts, int[] test, double[] losses,
        (BinnedError Win, BinnedError Tie) calibration)
    {
        // Votes of one pair in one order share their prediction.
        var cells = new Dictionary<int, (Preference P, double Weight, double Wins, double Ties)>();
        foreach (var row in test)
        {
            var (a, b, label, weight) = (votes.ModelA[row], votes.ModelB[row], votes.Label(row), votes.Weights?[row] ?? 1);
            var key = (2 * counts.PairOf(a, b)) + (a < b ? 0 : 1);
            if (!cells.TryGetValue(key, out var cell))
                cell = (predict(a, b), 0, 0, 0);
            losses[row] = LogLoss.Of(cell.P, label);
            cells[key] = (cell.P, cell.Weight + weight, cell.Wins + (weight * label.A), cell.Ties + (weight * label.Tie));
        }

        foreach (var cell in cells.Values)
        {
            calibration.Win.Add(cell.P.A, cell.Weight, cell.Wins);
            calibration.Tie.Add(cell.P.Tie, cell.Weight, cell.Ties);
        }
    }
}
