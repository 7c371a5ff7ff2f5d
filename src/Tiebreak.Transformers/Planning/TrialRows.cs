using Tiebreak.Core.Randomness;
using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Transformers.Planning;

/// <summary>Tokens by chance in place of texts, for models of <see cref="CutConfig"/>: to measure how long a model computes.</summary>
internal static class TrialRows
{
    /// <summary>Sequences of these lengths; the same each time.</summary>
    public static TokenSequence[] Of(IReadOnlyList<int> lengths)
    {
        var random = new SeededRandom(1);
        var rows = new TokenSequence[lengths.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            var ids = new int[lengths[i]];
            random.Next(CutConfig.Vocabulary / 2, ids);
            rows[i] = new TokenSequence("trial", ids);
        }

        return rows;
    }
}
