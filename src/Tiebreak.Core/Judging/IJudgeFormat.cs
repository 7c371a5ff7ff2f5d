using Tiebreak.Core.Bundles;

namespace Tiebreak.Core.Judging;

/// <summary>A judge kind: how it is trained from a recipe and opened from a bundle. Executables register the kinds they carry.</summary>
public interface IJudgeFormat
{
    /// <summary>The name of the kind in recipes and bundles, for instance "feature".</summary>
    string Kind { get; }

    /// <summary>Checks a recipe before any data is read.</summary>
    /// <exception cref="InputException">The recipe has an unknown key or an impossible value.</exception>
    IJudgeTrainer CreateTrainer(Recipe recipe);

    /// <summary>
    /// Opens the judge of one order: without the calibration and the swap averaging of the bundle, which the caller adds.
    /// </summary>
    /// <param name="folder">The bundle's folder; its files have been checked against their hashes.</param>
    /// <param name="manifest">What <c>judge.json</c> says.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    /// <exception cref="InputException">The files do not fit together.</exception>
    Task<IJudge> OpenAsync(string folder, BundleManifest manifest, CancellationToken cancellationToken = default);
}
