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

    /// <summary>Adds first derivatives only, which is all that a bootstrap round needs and can be much cheaper; the parameters are those of <see cref="Add"/>.</summary>
    static abstract void AddGradient(double a, double b, double tie, ReadOnlySpan<double> weights, ref PairDerivatives sum);

    /// <summary>What to expect of a vote.</summary>
    static abstract OutcomeProbabilities Probabilities(double a, double b, double tie);
}
