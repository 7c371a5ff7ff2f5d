using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Judging.Capabilities;

/// <summary>
/// How a judge describes itself. Optional abilities are objects, so that a decorator hands them on with <c>inner.Traits with { ... }</c>
/// and nobody has to know the judge's type.
/// </summary>
public sealed record JudgeTraits
{
    /// <summary>
    /// True if judging a swapped battle gives the swapped preference by construction, so that swap averaging would cost time and change
    /// nothing.
    /// </summary>
    public bool IsSymmetric { get; init; }

    /// <summary>
    /// True if both orders of a battle take less time in one request than in two, because what both begin with is computed once.
    /// </summary>
    public bool SharesOrders { get; init; }

    /// <summary>True if outcomes say how likely neither response is acceptable (<see cref="JudgeOutcome.NeitherAcceptable"/>).</summary>
    public bool EstimatesAcceptability { get; init; }

    /// <summary>True if the judge may leave battles to a person (<see cref="JudgeOutcome.AbstainedBy"/>).</summary>
    public bool Abstains { get; init; }

    /// <summary>
    /// Makes the preference between two responses of their <see cref="JudgeOutcome.Scores"/>, so that many responses to one prompt are
    /// compared after each has been read once; null for judges that read both together.
    /// </summary>
    public Func<double, double, Preference>? CompareScores { get; init; }

    /// <summary>Says why the judge prefers what it prefers; null if it cannot.</summary>
    public IBattleExplainer? Explainer { get; init; }

    /// <summary>How many tokens the judge reads of a battle; null if it reads everything.</summary>
    public ITokenBudget? TokenBudget { get; init; }

    /// <summary>The features that the judge decides by; null if it has none to give.</summary>
    public IFeatureSource? Features { get; init; }

    /// <summary>The hidden states of the judge's language model; null if it has none.</summary>
    public IStateSource? States { get; init; }

    /// <summary>What people should know of how the judge computes here, as a sentence; null: nothing.</summary>
    public string? Notice { get; init; }

    /// <summary>The names of the numbers that the judge needs of every battle; empty for a judge that reads texts alone.</summary>
    public IReadOnlyList<string> Numbers { get; init; } = [];
}
