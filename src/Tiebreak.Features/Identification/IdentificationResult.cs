using Tiebreak.Core.Metrics;
using Tiebreak.Text;

namespace Tiebreak.Features.Identification;

/// <summary>
/// How well writers are told, over all responses and apart for those that say who wrote them, and what is taken for what.
/// </summary>
public sealed record IdentificationResult
{
    /// <summary>The models, in the order of <see cref="Confusion"/>.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>The families, in the order of <see cref="FamilyConfusion"/>.</summary>
    public required IReadOnlyList<string> Families { get; init; }

    /// <summary>All responses.</summary>
    public required IdentificationScore All { get; init; }

    /// <summary>
    /// Responses in which the writer reveals itself or its maker (see <see cref="IdentityLeaks"/>); null if there are none.
    /// </summary>
    public required IdentificationScore? SelfIdentifying { get; init; }

    /// <summary>The others: what the identifier can do where nothing is revealed. Null if there are none.</summary>
    public required IdentificationScore? Anonymous { get; init; }

    /// <summary>Top-1 of guessing: one in so many models.</summary>
    public double Chance => 1.0 / Models.Count;

    /// <summary>Top-1 of always naming the model with the most responses.</summary>
    public required double Majority { get; init; }

    /// <summary>Top-5 of always naming the five models with the most responses.</summary>
    public required double MajorityTop5 { get; init; }

    /// <summary>Top-1 of always naming the family with the most responses.</summary>
    public required double MajorityFamily { get; init; }

    /// <summary>Log loss of the models' shares.</summary>
    public required double ShareLogLoss { get; init; }

    /// <summary>Responses by true writer (row) and most probable one (column).</summary>
    public required int[,] Confusion { get; init; }

    /// <summary>The same for families.</summary>
    public required int[,] FamilyConfusion { get; init; }

    /// <summary>Scores probabilities.</summary>
    /// <param name="models">The models, in the order of the probabilities.</param>
    /// <param name="responses">The responses; their writers are among the models.</param>
    /// <param name="probabilities">One per model for each response.</param>
    /// <param name="groups">The prompt group of each response.</param>
    /// <param name="familyOf">The family of a model.</param>
    /// <param name="seed">Seed of the intervals.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it. -1: no limit.</param>
    public static IdentificationResult Of(
        IReadOnlyList<string> models,
        IReadOnlyList<WrittenResponse> responses,
        IReadOnlyList<double[]> probabilities,
        IReadOnlyList<int> groups,
        Func<string, string> familyOf,
        ulong seed,
        int threads = -1)
    {
        var numbers = models.Index().ToDictionary(model => model.Item, model => model.Index, StringComparer.Ordinal);
        string[] families = [.. models.Select(familyOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        int[] family = [.. models.Select(model => Array.IndexOf(families, familyOf(model)))];
        var (confusion, familyConfusion) = (new int[models.Count, models.Count], new int[families.Length, families.Length]);
        var rows = new ScoredResponse[responses.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            var label = numbers[responses[i].Model];
            rows[i] = ScoredResponse.Of(probabilities[i], label, family, families.Length, groups[i]);
            confusion[label, rows[i].Model]++;
            familyConfusion[family[label], rows[i].FamilyPlace]++;
        }

        var leaks = Array.ConvertAll(responses.ToArray(), response => IdentityLeaks.FirstIn(response.Text) is not null);
        var counts = responses.CountBy(response => numbers[response.Model]).ToDictionary();
        double Share(IEnumerable<int> parts) => (double)parts.Sum() / responses.Count;
        return new IdentificationResult
        {
            Models = models,
            Families = families,
            All = Score(rows, seed, threads)!,
            SelfIdentifying = Score([.. rows.Where((_, i) => leaks[i])], seed, threads),
            Anonymous = Score([.. rows.Where((_, i) => !leaks[i])], seed, threads),
            Majority = Share([counts.Values.Max()]),
            MajorityTop5 = Share(counts.Values.OrderDescending().Take(5)),
            MajorityFamily = Share([counts.GroupBy(count => family[count.Key]).Max(group => group.Sum(count => count.Value))]),
            ShareLogLoss = counts.Values.Sum(count => -(double)count / responses.Count * Math.Log((double)count / responses.Count)),
            Confusion = confusion,
            FamilyConfusion = familyConfusion,
        };
    }

    private static IdentificationScore? Score(ScoredResponse[] rows, ulong seed, int threads)
    {
        if (rows.Length == 0)
            return null;

        var numbers = new Dictionary<int, int>();
        int[] groups =
        [
            .. rows.Select(row => numbers.TryGetValue(row.Group, out var number) ? number : numbers[row.Group] = numbers.Count),
        ];
        var (top1, top5, family) = (Rate(row => row.Rank < 1), Rate(row => row.Rank < 5), Rate(row => row.IsFamilyRight));
        return new IdentificationScore(
            rows.Length, top1.Value, top1.Interval, top5.Value, top5.Interval, family.Value, family.Interval,
            rows.Average(row => row.Loss));

        (double Value, Interval Interval) Rate(Func<ScoredResponse, bool> isHit)
        {
            double[] hits = [.. rows.Select(row => isHit(row) ? 1.0 : 0.0)];
            return (hits.Average(), ClusterBootstrap.OfMean(hits, groups, seed, threads: threads));
        }
    }
}
