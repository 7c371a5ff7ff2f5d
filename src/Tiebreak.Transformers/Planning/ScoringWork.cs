using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Transformers.Planning;

/// <summary>What scoring battles takes in tokens and arithmetic, with what sequences begin with in common computed once.</summary>
/// <param name="GivenTokens">Tokens of all sequences.</param>
/// <param name="ComputedTokens">Tokens that are computed.</param>
/// <param name="Operations">Floating-point operations.</param>
internal sealed record ScoringWork(long GivenTokens, long ComputedTokens, double Operations)
{
    /// <summary>The work for sequences that are planned as a judge plans them.</summary>
    /// <param name="rows">The sequences of each battle, in each order that is asked.</param>
    /// <param name="batchTokens">Most tokens of a batch.</param>
    /// <param name="cost">The model.</param>
    public static ScoringWork Of(IReadOnlyList<TokenSequence[]> rows, int batchTokens, ModelCost cost) => rows.Chunk(BattleScorer.SliceRows)
        .Select(slice => Of(BatchPlan.Of(slice, batchTokens, cost.Sharing), cost))
        .Aggregate((one, other) => new(
            one.GivenTokens + other.GivenTokens, one.ComputedTokens + other.ComputedTokens, one.Operations + other.Operations));

    /// <summary>The work for sequences of which nothing is known but their lengths: nothing is shared.</summary>
    public static ScoringWork Of(IReadOnlyCollection<int> lengths, ModelCost cost)
    {
        var tokens = lengths.Sum(length => (long)length);
        return new(tokens, tokens, lengths.Sum(length => cost.OperationsOf(length)));
    }

    private static ScoringWork Of(BatchPlan plan, ModelCost cost)
    {
        var kept = plan.KeptTokens.Count;
        var operations = plan.Batches.Sum(batch => batch.Sequences.Zip(batch.Prefixes).Sum(pair =>
        {
            var shared = pair.Second?.Length ?? kept;
            return cost.OperationsOf(shared + pair.First.Tokens.Count, shared);
        }));
        return new(plan.GivenTokens, plan.ComputedTokens, operations + cost.OperationsOf(kept));
    }
}
