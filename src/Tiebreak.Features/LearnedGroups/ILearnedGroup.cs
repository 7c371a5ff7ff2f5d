using Tiebreak.Core.Battles;
using Tiebreak.Features.Counted;

namespace Tiebreak.Features.LearnedGroups;

/// <summary>Features that a model had to be learned for. Safe to call from many threads.</summary>
internal interface ILearnedGroup
{
    /// <summary>The columns that it fills.</summary>
    IReadOnlyList<FeatureColumn> Columns { get; }

    /// <summary>Works out the features of one battle.</summary>
    /// <param name="battle">The battle.</param>
    /// <param name="target">Receives one number per column.</param>
    void Fill(Battle battle, Span<float> target);

    /// <summary>Writes its files into a bundle.</summary>
    Task SaveAsync(string folder);
}
