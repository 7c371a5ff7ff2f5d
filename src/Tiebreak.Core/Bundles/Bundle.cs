using System.Text.Json;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Judging;

namespace Tiebreak.Core.Bundles;

/// <summary>A judge loaded from its folder, proven to be the one that was saved.</summary>
public sealed class Bundle : IAsyncDisposable
{
    /// <summary>The manifest's file name.</summary>
    public const string ManifestName = "judge.json";

    private const long MaxManifestBytes = 16 << 20;

    private readonly string _folder;

    private Bundle(string folder, BundleManifest manifest, IJudge oneOrder)
    {
        _folder = folder;
        Manifest = manifest;
        OneOrder = oneOrder;
        Judge = Assemble(oneOrder, manifest.Swap, manifest.CalibrationSteps);
    }

    /// <summary>What <c>judge.json</c> says.</summary>
    public BundleManifest Manifest { get; }

    /// <summary>The judge as it was trained: one order of A and B, without the calibration. Dispose the bundle, not this judge.</summary>
    public IJudge OneOrder { get; }

    /// <summary>The judge with the bundle's own calibration and swap policy.</summary>
    public IJudge Judge { get; }

    /// <summary>Says why the judge prefers what it prefers, where its kind can.</summary>
    public IExplainingJudge? Explainer => OneOrder as IExplainingJudge;

    /// <summary>
    /// What the judge was trained on, row by row; null for a bundle that was saved without <see cref="SeenBattles.FileName"/>.
    /// </summary>
    /// <exception cref="InputException">The file has another layout.</exception>
    public SeenBattles? ReadSeen() => Manifest.Files.ContainsKey(SeenBattles.FileName) ? SeenBattles.Read(_folder) : null;

    /// <summary>
    /// The same judge with another swap policy. It shares the model with <see cref="Judge"/>: dispose the bundle, not the judge.
    /// </summary>
    public IJudge WithSwap(SwapPolicy swap) => Assemble(OneOrder, swap, Manifest.CalibrationSteps);

    /// <summary>Loads a bundle: verifies every file's hash, opens the judge, and scores the check rows again.</summary>
    /// <param name="folder">The bundle's folder.</param>
    /// <param name="registry">The judge kinds that can be opened.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    /// <exception cref="InputException">
    /// Not a bundle, damaged, of an unknown kind or version, or it does not reproduce its check rows.
    /// </exception>
    public static async Task<Bundle> OpenAsync(string folder, JudgeRegistry registry, CancellationToken cancellationToken = default)
    {
        try
        {
            var manifest = ReadManifest(folder);
            BundleFiles.Verify(folder, ManifestName, manifest.Files);

            var bundle = new Bundle(folder, manifest, await registry[manifest.Kind].OpenAsync(folder, manifest, cancellationToken));
            try
            {
                await CheckRows.VerifyAsync(folder, bundle.Judge, manifest, cancellationToken);
                return bundle;
            }
            catch
            {
                await bundle.DisposeAsync();
                throw;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new InputException(
                $"The bundle {folder} cannot be read: {exception.Message} Copy the whole folder again, or train the judge again.",
                exception);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => OneOrder.DisposeAsync();

    internal static IJudge Assemble(IJudge oneOrder, SwapPolicy swap, IReadOnlyList<ICalibration> calibration) =>
        new CalibratedJudge(swap == SwapPolicy.Always ? new SwapAveragedJudge(oneOrder) : oneOrder, calibration);

    private static BundleManifest ReadManifest(string folder)
    {
        var path = Path.Combine(folder, ManifestName);
        if (!File.Exists(path))
        {
            throw new InputException(
                $"{folder} is not a judge bundle: it has no {ManifestName}. Give the folder that `tiebreak train --out` wrote.");
        }

        if (new FileInfo(path).Length > MaxManifestBytes)
            throw new InputException($"{path} is larger than {MaxManifestBytes >> 20} MiB, which no {ManifestName} is.");

        BundleManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(File.ReadAllBytes(path), BundleJson.Default.BundleManifest);
        }
        catch (JsonException exception)
        {
            throw new InputException($"{path} is damaged: {exception.Message} Restore the bundle or train the judge again.", exception);
        }

        if (manifest is not { FormatVersion: BundleManifest.CurrentVersion })
        {
            throw new InputException(
                $"{path} has bundle version {manifest?.FormatVersion}, but this program reads version {BundleManifest.CurrentVersion}. "
                + "Use the matching Tiebreak, or train the judge again.");
        }

        if (!manifest.Labels.SequenceEqual(["A", "B", "tie"], StringComparer.Ordinal) || manifest.Priors.Count != 3
            || !(manifest.Temperature > 0) || !manifest.CalibrationSteps.All(step => step is { IsValid: true }))
        {
            throw new InputException($"{path} is damaged: its labels, priors, temperature or calibration are impossible. "
                + "Restore the bundle or train the judge again.");
        }

        return manifest;
    }
}
