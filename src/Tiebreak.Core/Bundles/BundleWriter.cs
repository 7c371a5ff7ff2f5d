using System.Text.Json;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Files;
using Tiebreak.Core.Judging;

namespace Tiebreak.Core.Bundles;

/// <summary>Writes a bundle whole or not at all.</summary>
public static class BundleWriter
{
    /// <summary>Writes the model's files, the check rows, what the judge has seen, and the manifest.</summary>
    /// <param name="folder">The bundle's folder; one that is there is replaced after success.</param>
    /// <param name="trained">The judge to save.</param>
    /// <param name="manifest">The manifest; its <see cref="BundleManifest.Files"/> are filled in here.</param>
    /// <param name="battles">
    /// The battles of the training: check rows are chosen from them, and their keys are kept (see <see cref="SeenBattles"/>).
    /// </param>
    /// <param name="cancellationToken">Stops the writing; nothing changes then.</param>
    /// <returns>The manifest as written.</returns>
    /// <exception cref="TiebreakException">The disk is full or the place cannot be written.</exception>
    public static async Task<BundleManifest> WriteAsync(
        string folder, TrainedJudge trained, BundleManifest manifest, IReadOnlyList<Battle> battles,
        CancellationToken cancellationToken = default)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()
            && !File.Exists(Path.Combine(folder, Bundle.ManifestName)))
        {
            throw new InputException($"{folder} exists and is not a judge bundle, so it is not overwritten. Choose another --out.");
        }

        await AtomicFolder.WriteAsync(folder, async temporary =>
        {
            await trained.SaveAsync(temporary);
            var judge = Bundle.Assemble(trained.Judge, manifest.Swap, manifest.CalibrationSteps);
            await CheckRows.WriteAsync(
                temporary, judge, CheckRows.Choose(battles, trained.CheckRows, trained.CheckCharacters), cancellationToken);
            SeenBattles.Of(battles).Write(temporary);
            manifest = manifest with { Files = BundleFiles.Describe(temporary) };
            await using var stream = File.Create(Path.Combine(temporary, Bundle.ManifestName));
            await JsonSerializer.SerializeAsync(stream, manifest, BundleJson.Default.BundleManifest, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
        });
        return manifest;
    }
}
