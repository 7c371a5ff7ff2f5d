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

    /// <summary>Writes an open bundle once more, with another manifest over the same model.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="source">Its folder.</param>
    /// <param name="folder">The folder to write; the same one to replace it.</param>
    /// <param name="manifest">The manifest; its files are filled in here. Check rows are answered anew by its calibration.</param>
    /// <param name="cancellationToken">Stops the writing; nothing changes then.</param>
    /// <returns>The manifest as written.</returns>
    /// <exception cref="TiebreakException">The disk is full or the place cannot be written.</exception>
    public static Task<BundleManifest> RewriteAsync(
        Bundle bundle, string source, string folder, BundleManifest manifest, CancellationToken cancellationToken) =>
        Bundle.Layout.WriteAsync(
            folder,
            manifest with { FormatVersion = FolderManifest.CurrentVersion },
            async temporary =>
            {
                foreach (var name in bundle.Manifest.Files.Keys.Except([CheckRows.FileName], StringComparer.Ordinal))
                {
                    var target = Path.Combine(temporary, name);
                    Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                    File.Copy(Path.Combine(source, name), target);
                }

                var judge = Bundle.Assemble(bundle.OneOrder, manifest.Swap, manifest.CalibrationSteps);
                Battle[] battles = [.. CheckRows.Read(source, bundle.Manifest).Select(battle => battle with { SoftLabel = null })];
                await CheckRows.WriteAsync(temporary, judge, battles, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken);
}
