using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Data.Agreement;

/// <summary>One annotator beside the others who voted on the same battles.</summary>
/// <param name="Annotator">Who.</param>
/// <param name="Votes">Votes on battles that others voted on as well.</param>
/// <param name="Agreement">Mean share of the other votes on a battle that say the same.</param>
/// <param name="Severity">How much more often the annotator calls a tie (or both bad) than the others do on the same battles.</param>
/// <param name="LeanToA">How much more the votes lean to A (votes for A minus votes for B, as shares) than the others' do.</param>
/// <param name="CoinPValue">
/// How probable so high an agreement is for somebody who votes as often for A, B and tie, but without looking: the share of random orders
/// of the votes that agree as well (a permutation test).
/// </param>
internal sealed record AnnotatorResult(
    string Annotator, int Votes, double Agreement, double Severity, double LeanToA, double CoinPValue)
{
    /// <summary>Annotators with fewer such votes are not listed: nothing could be told of them.</summary>
    public const int FewestVotes = 10;

    /// <summary>Above it an annotator cannot be told from a coin.</summary>
    public const double CoinLevel = 0.05;

    private const int Orders = 1000;

    /// <summary>Whether the votes cannot be told from those of a coin.</summary>
    public bool MayBeCoin => CoinPValue > CoinLevel;

    /// <summary>Looks at every annotator with enough votes, most votes first.</summary>
    /// <param name="items">Items with two votes or more.</param>
    /// <param name="seed">Seed of the random orders.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it.</param>
    public static IReadOnlyList<AnnotatorResult> Of(IReadOnlyList<AnnotatedItem> items, ulong seed, int threads)
    {
        var votes = new Dictionary<string, List<(Outcome Own, Preference Others)>>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var counts = new double[3];
            foreach (var vote in item.Votes)
                counts[(int)vote.Outcome]++;
            foreach (var vote in item.Votes.Where(vote => vote.Annotator is not null))
            {
                var own = Preference.Certain(vote.Outcome);
                if (!votes.TryGetValue(vote.Annotator!, out var list))
                    votes[vote.Annotator!] = list = [];
                list.Add((vote.Outcome, Preference.Normalised(counts[0] - own.A, counts[1] - own.B, counts[2] - own.Tie)));
            }
        }

        var annotators = votes.Where(annotator => annotator.Value.Count >= FewestVotes)
            .OrderByDescending(annotator => annotator.Value.Count).ThenBy(annotator => annotator.Key, StringComparer.Ordinal).ToArray();
        var results = new AnnotatorResult[annotators.Length];
        Parallel.For(0, results.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, i =>
            results[i] = Of(annotators[i].Key, annotators[i].Value, seed));
        return results;
    }

    private static AnnotatorResult Of(string annotator, List<(Outcome Own, Preference Others)> votes, ulong seed)
    {
        Outcome[] own = [.. votes.Select(vote => vote.Own)];
        Preference[] others = [.. votes.Select(vote => vote.Others)];
        var agreement = MeanShare(own, others);
        var (random, asGood) = (new SeededRandom(seed), 0);
        for (var order = 0; order < Orders; order++)
        {
            random.Shuffle<Outcome>(own);
            asGood += MeanShare(own, others) >= agreement - 1e-12 ? 1 : 0;
        }

        double Share(Outcome outcome) => own.Count(vote => vote == outcome) / (double)own.Length;
        return new AnnotatorResult(
            annotator, votes.Count, agreement,
            Share(Outcome.Tie) - others.Average(vote => vote.Tie),
            Share(Outcome.A) - Share(Outcome.B) - others.Average(vote => vote.A - vote.B),
            (1.0 + asGood) / (1 + Orders));
    }

    private static double MeanShare(Outcome[] own, Preference[] others)
    {
        var sum = 0.0;
        for (var i = 0; i < own.Length; i++)
            sum += others[i][own[i]];
        return sum / own.Length;
    }
}
