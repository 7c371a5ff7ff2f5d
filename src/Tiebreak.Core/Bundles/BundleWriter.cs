using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;

namespace Tiebreak.Core.Bundles;

/// <summary>Writes a bundle whole or not at all.</summary>
internal static class BundleWriter
{
    /// <summary>Writes the model's files, the check rows, what the judge has seen, and the manifest.</summary>
    /// <param name="folder">The bundle's folder; one that is there is replaced after success.</param>
    /// <param name="trained">The judge to save.</param>
    /// <param name="manifest">The manifest; its files are filled in here.</param>
    /// <param name="battles">
    /// The battles of the training: check rows are chosen from them, and their keys are kept (see <see cref="SeenBattles"/>).
    /// </param>
    /// <param name="threads">Threads that compute keys.</param>
    /// <param name="cancellationToken">Stops the writing; nothing changes then.</param>
    /// <returns>The manifest as written.</returns>
    /// <exception cref="TiebreakException">The disk is full or the place cannot be written.</exception>
    public static Task<BundleManifest> WriteAsync(
        string folder,
        TrainedJudge trained,
        BundleManifest manifest,
        IReadOnlyList<Battle> battles,
        int threads,
        CancellationToken cancellationToken) =>
        Bundle.Layout.WriteAsync(
            folder,
            manifest,
            async temporary =>
            {
                await trained.SaveAsync(temporary).ConfigureAwait(false);
                var judge = Bundle.Assemble(trained.Judge, manifest.Swap, manifest.CalibrationSteps);
                var chosen = CheckRows.Choose(battles, trained.CheckRows, trained.CheckCharacters);
                await CheckRows.WriteAsync(temporary, judge, chosen, cancellationToken).ConfigureAwait(false);
                SeenBattles.Of(battles, threads).Write(temporary);
            },
            cancellationToken);
}
