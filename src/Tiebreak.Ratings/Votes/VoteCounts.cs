using Tiebreak.Core.Battles;

namespace Tiebreak.Ratings.Votes;

/// <summary>
/// Votes counted by pair and outcome: all that a rating without context needs, and small however many votes there are.
/// Pair k is <see cref="First"/>[k] against <see cref="Second"/>[k], the lower number first; slot 4k + v counts its votes with verdict v,
/// where A is the first.
/// </summary>
public sealed class VoteCounts
{
    /// <summary>Slots of a pair: first wins, second wins, tie, both bad.</summary>
    public const int Outcomes = 4;

    private readonly int[] _pairs;

    private VoteCounts(
        IReadOnlyList<string> models, int[] pairs, int[] first, int[] second, int[] votes, double[] weights, double[] squares)
    {
        Models = models;
        _pairs = pairs;
        (First, Second, Votes, Weights, Squares) = (first, second, votes, weights, squares);
        TotalWeight = weights.Sum();
    }

    /// <summary>The names of the models.</summary>
    public IReadOnlyList<string> Models { get; }

    /// <summary>The model of each pair with the lower number.</summary>
    public int[] First { get; }

    /// <summary>The model of each pair with the higher number.</summary>
    public int[] Second { get; }

    /// <summary>The number of votes in each slot.</summary>
    public int[] Votes { get; }

    /// <summary>The sum of the weights in each slot.</summary>
    public double[] Weights { get; }

    /// <summary>
    /// The sum of the squared weights in each slot, which the variance of a weighted sum needs. That of a soft label is divided among its
    /// outcomes like the weight.
    /// </summary>
    public double[] Squares { get; }

    /// <summary>The number of pairs that met.</summary>
    public int Pairs => First.Length;

    /// <summary>The sum of all weights.</summary>
    public double TotalWeight { get; }

    /// <summary>Counts votes.</summary>
    public static VoteCounts Of(VoteSet votes)
    {
        var n = votes.Models.Count;
        var (modelA, modelB) = (votes.ModelA, votes.ModelB);
        var met = new int[n * n];
        for (var i = 0; i < modelA.Length; i++)
            met[(Math.Min(modelA[i], modelB[i]) * n) + Math.Max(modelA[i], modelB[i])] = 1;
        return OfPairs(votes.Models, met).Tally(votes);
    }

    /// <summary>Takes votes that were counted elsewhere; each weighs 1.</summary>
    /// <param name="models">The names of the models.</param>
    /// <param name="tallies">What was counted.</param>
    internal static VoteCounts Of(IReadOnlyList<string> models, IReadOnlyList<PairTally> tallies)
    {
        var met = new int[models.Count * models.Count];
        foreach (var tally in tallies)
            met[(tally.First * models.Count) + tally.Second] = 1;
        var counts = OfPairs(models, met);
        foreach (var tally in tallies)
        {
            var slots = counts.Votes.AsSpan(Outcomes * counts.PairOf(tally.First, tally.Second), Outcomes);
            slots[(int)Verdict.A] += tally.FirstWins;
            slots[(int)Verdict.B] += tally.SecondWins;
            slots[(int)Verdict.Tie] += tally.Ties;
            slots[(int)Verdict.BothBad] += tally.BothBad;
        }

        return counts.With(Array.ConvertAll(counts.Votes, count => (double)count));
    }

    /// <summary>No votes yet, of models of which some met.</summary>
    /// <param name="models">The names of the models.</param>
    /// <param name="pairs">[model, model]: 1 where the lower met the higher; becomes the index of pairs.</param>
    private static VoteCounts OfPairs(IReadOnlyList<string> models, int[] pairs)
    {
        var n = models.Count;
        var (first, second) = (new List<int>(), new List<int>());
        for (var i = 0; i < n; i++)
        {
            for (var j = i + 1; j < n; j++)
            {
                if (pairs[(i * n) + j] == 0)
                    continue;
                first.Add(i);
                second.Add(j);
                pairs[(i * n) + j] = pairs[(j * n) + i] = first.Count;
            }
        }

        return new VoteCounts(models, pairs, [.. first], [.. second], new int[Outcomes * first.Count], [], []);
    }

    /// <summary>The slot of a vote.</summary>
    public int SlotOf(int modelA, int modelB, Verdict verdict) =>
        (Outcomes * PairOf(modelA, modelB)) + (int)(modelA < modelB ? verdict : verdict.Swapped());

    /// <summary>The pair of two models, or -1 if they never met.</summary>
    public int PairOf(int one, int other) => _pairs[(one * Models.Count) + other] - 1;

    /// <summary>The number of votes between the models of a pair.</summary>
    public int VotesOf(int pair) => Votes[4 * pair] + Votes[(4 * pair) + 1] + Votes[(4 * pair) + 2] + Votes[(4 * pair) + 3];

    /// <summary>The same pairs with other weights in the slots, for instance of a part of the votes.</summary>
    /// <param name="weights">The sum of weights in each slot.</param>
    /// <param name="squares">The sum of squared weights in each slot; unless given, that of votes that weigh 1.</param>
    public VoteCounts With(double[] weights, double[]? squares = null) =>
        new(Models, _pairs, First, Second, Votes, weights, squares ?? weights);

    /// <summary>The votes between some of the models, and of the models only those. Each vote must weigh 1.</summary>
    /// <param name="isKept">Of each model, whether it stays.</param>
    internal VoteCounts Among(IReadOnlyList<bool> isKept)
    {
        int[] kept = [.. Enumerable.Range(0, Models.Count).Where(model => isKept[model])];
        var numbers = kept.Index().ToDictionary(model => model.Item, model => model.Index);
        return Of(
            [.. kept.Select(model => Models[model])],
            [.. Enumerable.Range(0, Pairs).Where(pair => isKept[First[pair]] && isKept[Second[pair]]).Select(pair => new PairTally(
                numbers[First[pair]], numbers[Second[pair]], Votes[Outcomes * pair], Votes[(Outcomes * pair) + 1],
                Votes[(Outcomes * pair) + 2], Votes[(Outcomes * pair) + 3]))]);
    }

    /// <summary>The same pairs with the weights of some of the votes.</summary>
    /// <param name="votes">The votes that were counted.</param>
    /// <param name="rows">Which of them.</param>
    internal VoteCounts Of(VoteSet votes, IEnumerable<int> rows)
    {
        var (weights, squares) = (new double[Votes.Length], new double[Votes.Length]);
        Span<VerdictShare> buffer = stackalloc VerdictShare[VoteSet.MostShares];
        foreach (var row in rows)
        {
            var weight = votes.Weights?[row] ?? 1;
            foreach (var (verdict, share) in votes.Shares(row, buffer))
            {
                var slot = SlotOf(votes.ModelA[row], votes.ModelB[row], verdict);
                weights[slot] += weight * share;
                squares[slot] += weight * weight * share;
            }
        }

        return With(weights, squares);
    }

    private VoteCounts Tally(VoteSet votes)
    {
        for (var i = 0; i < votes.Count; i++)
            Votes[SlotOf(votes.ModelA[i], votes.ModelB[i], votes.Verdicts[i])]++;
        return votes.Weights is null && votes.SoftLabels is null
            ? With(Array.ConvertAll(Votes, count => (double)count))
            : Of(votes, Enumerable.Range(0, votes.Count));
    }
}

/// <summary>The votes between two models.</summary>
/// <param name="First">The model with the lower number.</param>
/// <param name="Second">The model with the higher number.</param>
/// <param name="FirstWins">Votes that the first won.</param>
/// <param name="SecondWins">Votes that the second won.</param>
/// <param name="Ties">Ties.</param>
/// <param name="BothBad">Votes that both were bad.</param>
internal readonly record struct PairTally(int First, int Second, int FirstWins, int SecondWins, int Ties, int BothBad = 0);
