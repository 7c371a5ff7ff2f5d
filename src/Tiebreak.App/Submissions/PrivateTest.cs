using Tiebreak.Core;
using Tiebreak.Core.Evaluation;

namespace Tiebreak.App.Submissions;

/// <summary>What was asked about a private test set, checked.</summary>
internal static class PrivateTest
{
    // Fewer prompts say nothing about how widely scores scatter.
    private const int FewestPrompts = 20;

    /// <summary>Throws if no part can have so many rows.</summary>
    /// <exception cref="InputException">It is no number above 0.</exception>
    public static void ThrowIfImpossible(int rows)
    {
        if (rows < 1)
        {
            throw new InputException($"A private test set of {rows} rows cannot be: `private-rows` is 1 or more.")
            {
                Parameters = ["private-rows"],
            };
        }
    }

    /// <summary>The distribution of the scores on a private test set.</summary>
    /// <param name="losses">For each judge one loss per labelled battle.</param>
    /// <param name="labelled">The battles.</param>
    /// <param name="rows">Battles of the private test set.</param>
    /// <exception cref="InputException">The battles are about too few prompts.</exception>
    public static PrivateScores ScoresOf(IReadOnlyList<double[]> losses, LabelledBattles labelled, int rows)
    {
        var prompts = labelled.Groups.Max() + 1;
        return prompts >= FewestPrompts
            ? PrivateScores.Of(losses, labelled.Groups, rows)
            : throw new InputException($"The labelled battles are about {Quantity.Of(prompts, "prompt")}; what scores will be on others "
                + $"can be told from {FewestPrompts} on.");
    }
}
