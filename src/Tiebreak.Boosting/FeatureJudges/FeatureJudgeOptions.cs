using Tiebreak.Boosting.LightGbm;
using Tiebreak.Boosting.TermVectors;

namespace Tiebreak.Boosting.FeatureJudges;

/// <summary>The recipe of a feature judge.</summary>
public sealed record FeatureJudgeOptions
{
    /// <summary>The words and word pairs of the TF-IDF linear model.</summary>
    public TermOptions Terms { get; init; } = new();

    /// <summary>The trees over all features.</summary>
    public BoostingOptions Boosting { get; init; } = new();
}
