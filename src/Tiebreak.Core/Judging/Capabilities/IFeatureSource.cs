using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Judging.Capabilities;

/// <summary>The numbers that a judge makes of a battle before it decides, for models that learn from them.</summary>
public interface IFeatureSource
{
    /// <summary>The names of the columns, in their order.</summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>Computes the features of battles.</summary>
    /// <param name="battles">The battles.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>One row per battle with one value per column.</returns>
    /// <exception cref="InputException">A battle lacks what a column is made of.</exception>
    Task<float[][]> ComputeFeaturesAsync(IReadOnlyList<Battle> battles, CancellationToken cancellationToken = default);
}
