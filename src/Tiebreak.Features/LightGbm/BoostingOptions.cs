namespace Tiebreak.Features.LightGbm;

/// <summary>How trees are grown. Names and meanings are LightGBM's.</summary>
internal sealed record BoostingOptions
{
    /// <summary>Most boosting rounds; early stopping usually ends sooner.</summary>
    public int Rounds { get; init; } = 1500;

    /// <summary>Stop after this many rounds without a better validation loss.</summary>
    public int Patience { get; init; } = 50;

    /// <summary>Shrinkage of every tree.</summary>
    public double LearningRate { get; init; } = 0.05;

    /// <summary>Most leaves of a tree.</summary>
    public int Leaves { get; init; } = 8;

    /// <summary>Fewest training rows in a leaf.</summary>
    public int MinRowsInLeaf { get; init; } = 40;

    /// <summary>Share of the features that each tree may use.</summary>
    public double FeatureFraction { get; init; } = 0.2;

    /// <summary>Share of the rows that each round uses.</summary>
    public double RowFraction { get; init; } = 0.8;

    /// <summary>L2 penalty on leaf values.</summary>
    public double L2 { get; init; } = 10;

    /// <summary>Draws leaf values towards those of the nodes above them; 0 for not at all.</summary>
    public double PathSmooth { get; init; }

    /// <summary>Whether splits are tried at one random threshold of each feature only.</summary>
    public bool ExtraTrees { get; init; }

    /// <summary>Whether trees for "tie or decisive" and trees for "A or B" are grown apart instead of together.</summary>
    public bool TwoStage { get; init; }

    /// <summary>How many times the trees are grown, with different seeds; their scores are averaged.</summary>
    public int Members { get; init; } = 1;
}
