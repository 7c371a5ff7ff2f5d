using Tiebreak.Core;
using Tiebreak.Core.Battles;

namespace Tiebreak.Ratings.Votes;

/// <summary>
/// Votes in columns, models as numbers. The arrays are the set's own and are not copied; do not change them.
/// </summary>
public sealed class VoteSet
{
    /// <summary>The most models that can be rated together: work grows with the cube of their number, memory with the square.</summary>
    public const int MostModels = 4096;

    /// <summary>The most verdicts that one vote is divided among.</summary>
    internal const int MostShares = 3;

    /// <summary>Takes votes in columns.</summary>
    /// <param name="models">The names of the models.</param>
    /// <param name="modelA">The model on side A of each vote, an index into <paramref name="models"/>.</param>
    /// <param name="modelB">The model on side B of each vote.</param>
    /// <param name="verdicts">What was voted.</param>
    /// <param name="weights">How much each vote counts, or null: 1 each.</param>
    /// <param name="softLabels">What each vote says in probabilities, or null: what was voted, for certain.</param>
    /// <exception cref="InputException">
    /// There are no votes, fewer than two or too many models, a model meets itself, or a weight is negative or not finite.
    /// </exception>
    public VoteSet(
        IReadOnlyList<string> models, int[] modelA, int[] modelB, Verdict[] verdicts, double[]? weights = null,
        Preference[]? softLabels = null)
    {
        if (modelA.Length != verdicts.Length || modelB.Length != verdicts.Length
            || (weights is not null && weights.Length != verdicts.Length)
            || (softLabels is not null && softLabels.Length != verdicts.Length))
        {
            throw new ArgumentException("The columns differ in length.", nameof(verdicts));
        }

        if (verdicts.Length == 0)
            throw new InputException("There are no votes to rate models by.");
        if (models.Count < 2)
            throw new InputException($"All votes are about one model, {models[0]}; a rating compares at least two.");
        if (models.Count > MostModels)
            throw new InputException($"The votes name {models.Count:N0} models; at most {MostModels:N0} can be rated together.");
        for (var i = 0; i < verdicts.Length; i++)
        {
            if (modelA[i] == modelB[i])
            {
                throw new InputException(
                    $"Vote {i + 1} sets {models[modelA[i]]} against itself; such votes say nothing about ratings. Leave them out.");
            }

            if (weights is not null && !(weights[i] >= 0 && double.IsFinite(weights[i])))
            {
                throw new InputException($"Vote {i + 1} ({models[modelA[i]]} against {models[modelB[i]]}) has the weight {weights[i]}; "
                    + "weights are numbers from 0 on.");
            }
        }

        (Models, ModelA, ModelB, Verdicts, Weights, SoftLabels) = (models, modelA, modelB, verdicts, weights, softLabels);
    }

    /// <summary>The names of the models.</summary>
    public IReadOnlyList<string> Models { get; }

    /// <summary>The model on side A of each vote, an index into <see cref="Models"/>.</summary>
    public int[] ModelA { get; }

    /// <summary>The model on side B of each vote, an index into <see cref="Models"/>.</summary>
    public int[] ModelB { get; }

    /// <summary>What was voted.</summary>
    public Verdict[] Verdicts { get; }

    /// <summary>How much each vote counts, or null: 1 each.</summary>
    public double[]? Weights { get; }

    /// <summary>
    /// What each vote says in probabilities, or null: its verdict for certain. Such a vote is divided among the outcomes, and counts once.
    /// </summary>
    public Preference[]? SoftLabels { get; }

    /// <summary>The number of votes.</summary>
    public int Count => Verdicts.Length;

    /// <summary>The votes counted by pair and outcome.</summary>
    internal VoteCounts Counts => field ??= VoteCounts.Of(this);

    /// <summary>Takes votes one by one, numbering models in order of first appearance.</summary>
    /// <exception cref="InputException">As for the constructor.</exception>
    public static VoteSet Of(IEnumerable<Vote> votes)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var (modelA, modelB, verdicts, weights) = (new List<int>(), new List<int>(), new List<Verdict>(), new List<double>());
        foreach (var vote in votes)
        {
            modelA.Add(Number(vote.ModelA));
            modelB.Add(Number(vote.ModelB));
            verdicts.Add(vote.Verdict);
            weights.Add(vote.Weight);
        }

        return new VoteSet(
            [.. numbers.Keys], [.. modelA], [.. modelB], [.. verdicts], weights.TrueForAll(weight => weight == 1) ? null : [.. weights]);

        int Number(string model)
        {
            if (!numbers.TryGetValue(model, out var number))
                numbers.Add(model, number = numbers.Count);
            return number;
        }
    }

    /// <summary>The same votes with other weights.</summary>
    public VoteSet WithWeights(double[] weights) => new(Models, ModelA, ModelB, Verdicts, weights, SoftLabels);

    /// <summary>The same votes with what they say in probabilities.</summary>
    public VoteSet WithSoftLabels(Preference[] softLabels) => new(Models, ModelA, ModelB, Verdicts, Weights, softLabels);

    /// <summary>What side A gets of a vote: 1 for a win, half for a tie.</summary>
    internal double Score(int row) => SoftLabels is { } labels ? labels[row].A + (labels[row].Tie / 2) : Verdicts[row] switch
    {
        Verdict.A => 1,
        Verdict.B => 0,
        _ => 0.5,
    };

    /// <summary>What a vote says as probabilities.</summary>
    internal Preference Label(int row) => SoftLabels?[row] ?? Preference.Certain(Verdicts[row].ToOutcome());

    /// <summary>The verdicts that a vote is divided among; their shares sum to 1.</summary>
    /// <param name="row">The vote.</param>
    /// <param name="buffer">Of length <see cref="MostShares"/>; holds the answer.</param>
    internal ReadOnlySpan<VerdictShare> Shares(int row, Span<VerdictShare> buffer)
    {
        if (SoftLabels is null)
        {
            buffer[0] = new VerdictShare(Verdicts[row], 1);
            return buffer[..1];
        }

        var label = SoftLabels[row];
        buffer[0] = new VerdictShare(Verdict.A, label.A);
        buffer[1] = new VerdictShare(Verdict.B, label.B);
        buffer[2] = new VerdictShare(Verdicts[row] == Verdict.BothBad ? Verdict.BothBad : Verdict.Tie, label.Tie);
        return buffer[..MostShares];
    }

    /// <summary>The votes at some places, with the same models, so that strengths of parts can be compared number by number.</summary>
    public VoteSet At(IReadOnlyList<int> rows) => new(
        Models,
        [.. rows.Select(row => ModelA[row])],
        [.. rows.Select(row => ModelB[row])],
        [.. rows.Select(row => Verdicts[row])],
        Weights is null ? null : [.. rows.Select(row => Weights[row])],
        SoftLabels is null ? null : [.. rows.Select(row => SoftLabels[row])]);

    /// <summary>The same votes without models that occur in none of them.</summary>
    public VoteSet WithoutUnusedModels()
    {
        var isUsed = new bool[Models.Count];
        for (var i = 0; i < Count; i++)
            isUsed[ModelA[i]] = isUsed[ModelB[i]] = true;
        var kept = Enumerable.Range(0, Models.Count).Where(model => isUsed[model]).ToList();
        if (kept.Count == Models.Count)
            return this;

        var numbers = new int[Models.Count];
        for (var k = 0; k < kept.Count; k++)
            numbers[kept[k]] = k;
        return new VoteSet(
            [.. kept.Select(model => Models[model])],
            Array.ConvertAll(ModelA, model => numbers[model]),
            Array.ConvertAll(ModelB, model => numbers[model]),
            Verdicts,
            Weights,
            SoftLabels);
    }
}

/// <summary>A part of a vote.</summary>
/// <param name="Verdict">What it says.</param>
/// <param name="Share">How much of the vote it is.</param>
internal readonly record struct VerdictShare(Verdict Verdict, double Share);
