using Tiebreak.Samples.Generator.Chance;
using Tiebreak.Samples.Generator.Models;
using Tiebreak.Samples.Generator.Writing;

namespace Tiebreak.Samples.Generator.Verdicts;

/// <summary>
/// The formula behind the verdicts: a Rao-Kupper model (Rao and Kupper, 1967) over utilities that the texts largely determine.
/// P(A) = a / (a + t b), P(B) = b / (b + t a), the rest is a tie, with a = exp(utility of A) and b likewise.
/// </summary>
internal static class HiddenPreference
{
    /// <summary>Width of the tie band.</summary>
    public const double TieBand = 2.28;

    /// <summary>Utility that the first position adds.</summary>
    public const double FirstPosition = 0.06;

    private const double Scale = 0.85;
    private const double PoorBelow = -0.4;

    /// <summary>How much a person likes the responses of one side; the last turn counts double.</summary>
    public static double Utility(ModelStyle model, IReadOnlyList<Reply> replies)
    {
        var sum = Utility(replies[^1]) + replies.Sum(Utility);
        return Scale * (model.Strength + (sum / (replies.Count + 1)));
    }

    /// <summary>The probabilities of A, B and tie.</summary>
    public static double[] Probabilities(double utilityA, double utilityB)
    {
        double a = Math.Exp(utilityA + FirstPosition), b = Math.Exp(utilityB);
        double first = a / (a + (TieBand * b)), second = b / (b + (TieBand * a));
        return [first, second, 1 - first - second];
    }

    /// <summary>A verdict; a tie becomes "both bad" more often when both responses are poor.</summary>
    public static string Draw(Dice dice, double[] probabilities, double utilityA, double utilityB) => dice.Weighted(probabilities) switch
    {
        0 => "model_a",
        1 => "model_b",
        _ => dice.Chance(BothBad(utilityA, utilityB)) ? "tie (bothbad)" : "tie",
    };

    private static double BothBad(double utilityA, double utilityB) =>
        1 / (1 + Math.Exp(2.5 * (((utilityA + utilityB) / 2) - PoorBelow)));

    private static double Utility(Reply reply)
    {
        if (reply.Missing) return -2.2;
        var length = Math.Log(Math.Clamp(reply.Text!.Length, 20, 2500) / 400.0);
        return (0.4 * length)
            + (0.06 * Math.Min(reply.Marks, 8))
            + (reply.Correct ? 0.35 : -0.55)
            + (reply.KeptForm ? 0.1 : -0.3)
            - (reply.Refused ? 1.2 : 0)
            - (reply.WrongLanguage ? 1.3 : 0)
            - (reply.Damaged ? 0.5 : 0)
            - (0.15 * Math.Min(reply.Typos, 6));
    }
}
