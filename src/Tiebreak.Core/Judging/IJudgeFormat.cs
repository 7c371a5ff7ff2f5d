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
    /// Whether a bundle's check rows are scored again when it is opened with <see cref="Verification.Full"/>. False for judges that cost
    /// money by the battle or do not repeat themselves: their check rows are a record. Default: true.
    /// </summary>
    bool RescoresCheckRows => true;

    /// <summary>
    /// Opens the judge of one order: without the calibration and the swap averaging of the bundle, which the caller adds.
    /// </summary>
    /// <param name="opening">The bundle, where its judge computes, and what opens members of it.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    /// <exception cref="InputException">The files do not fit together.</exception>
    Task<IJudge> OpenAsync(BundleOpening opening, CancellationToken cancellationToken = default);
}
