using Tiebreak.Features.Counted;
using Tiebreak.Features.Identification;
using Tiebreak.Features.LearnedGroups;
using Tiebreak.Features.LightGbm;
using Tiebreak.Features.Linear;
using Tiebreak.Features.States;
using Tiebreak.Features.TermVectors;
using Tiebreak.Features.WordVectors;

namespace Tiebreak.Features.FeatureJudges;

/// <summary>The recipe of a feature judge.</summary>
internal sealed record FeatureJudgeOptions
{
    /// <summary>Which groups of features are used.</summary>
    public FeatureSwitches Features { get; init; } = new();

    /// <summary>The linear model over the counted features, beside the trees.</summary>
    public LinearOptions Linear { get; init; } = new();

    /// <summary>The words and word pairs of the TF-IDF linear model.</summary>
    public TermOptions Terms { get; init; } = new();

    /// <summary>The runs of characters of the TF-IDF linear model.</summary>
    public TermOptions Characters { get; init; } = new() { MaxTerms = 50_000, MinTexts = 10, L2 = 32 };

    /// <summary>The average class probability per word.</summary>
    public WordClassOptions WordClasses { get; init; } = new();

    /// <summary>Word vectors.</summary>
    public WordVectorOptions Vectors { get; init; } = new();

    /// <summary>Which model wrote a response.</summary>
    public IdentificationOptions Models { get; init; } = new();

    /// <summary>Pooled states of a language model.</summary>
    public StateOptions States { get; init; } = new();

    /// <summary>Numbers that the battles bring along.</summary>
    public NumberOptions Numbers { get; init; } = new();

    /// <summary>The trees over all features.</summary>
    public BoostingOptions Boosting { get; init; } = new();

    /// <summary>How much battles of other sources than the target count.</summary>
    public SourceOptions Sources { get; init; } = new();

    /// <summary>Whether training also measures the loss without each group of features.</summary>
    public bool Ablate { get; init; }
}
