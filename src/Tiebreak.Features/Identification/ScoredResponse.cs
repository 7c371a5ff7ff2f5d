using Tiebreak.Core.Metrics;

namespace Tiebreak.Features.Identification;

/// <summary>What became of one response.</summary>
/// <param name="Model">The most probable model.</param>
/// <param name="Rank">How many models are at least as probable as the writer; 0 if it is the most probable one.</param>
/// <param name="FamilyPlace">The most probable family.</param>
/// <param name="IsFamilyRight">True if that is the writer's.</param>
/// <param name="Loss">-ln of the writer's probability.</param>
/// <param name="Group">Its prompt group.</param>
internal readonly record struct ScoredResponse(int Model, int Rank, int FamilyPlace, bool IsFamilyRight, double Loss, int Group)
{
    public static ScoredResponse Of(double[] probabilities, int label, int[] family, int families, int group)
    {
        var (rank, byFamily) = (0, new double[families]);
        for (var m = 0; m < probabilities.Length; m++)
        {
            rank += m != label && probabilities[m] >= probabilities[label] ? 1 : 0;
            byFamily[family[m]] += probabilities[m];
        }

        var best = Array.IndexOf(byFamily, byFamily.Max());
        return new ScoredResponse(
            Array.IndexOf(probabilities, probabilities.Max()), rank, best, best == family[label],
            -Math.Log(Math.Max(probabilities[label], LogLoss.Epsilon)), group);
    }
}
