using System.Runtime.Intrinsics;

namespace Tiebreak.Ratings.Models;

/// <summary>The likelihood of the votes of one pair; implemented by structs so that loops over pairs are compiled for each model.</summary>
internal interface IOutcomeModel
{
    /// <summary>How many parameters beside the strengths there are: 0 or 1.</summary>
    static abstract int TieParameters { get; }

    /// <summary>True if only differences of strengths matter.</summary>
    static abstract bool IsShiftInvariant { get; }

    /// <summary>Where the search for the tie parameter starts.</summary>
    static abstract double TieStart { get; }

    /// <summary>True if the tie parameter is inside its range.</summary>
    static abstract bool IsFeasible(double tie);

    /// <summary>Adds the loss of votes and its derivatives.</summary>
    /// <param name="a">Strength of the first model.</param>
    /// <param name="b">Strength of the second model.</param>
    /// <param name="tie">The tie parameter.</param>
    /// <param name="weights">Weights of the four outcomes: first wins, second wins, tie, both bad.</param>
    /// <param name="sum">What is added to.</param>
    static abstract void Add(double a, double b, double tie, ReadOnlySpan<double> weights, ref PairDerivatives sum);

    /// <summary>
    /// How many numbers the first derivatives of a pair depend on beside the parameters; each is a sum of shares of the outcomes' weights.
    /// </summary>
    static abstract int Statistics { get; }

    /// <summary>How often the weight of an outcome counts in a statistic.</summary>
    static abstract double Share(int statistic, int outcome);

    /// <summary>First derivatives, which are all that a bootstrap round needs, of eight rounds side by side.</summary>
    /// <param name="a">Strengths of the first model.</param>
    /// <param name="b">Strengths of the second model.</param>
    /// <param name="tie">Tie parameters.</param>
    /// <param name="statistics">The pair's statistics in each round.</param>
    static abstract PairGradient Gradient(
        Vector512<double> a, Vector512<double> b, Vector512<double> tie, ReadOnlySpan<Vector512<double>> statistics);

    /// <summary>What to expect of a vote.</summary>
    static abstract OutcomeProbabilities Probabilities(double a, double b, double tie);
}
