using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tiebreak.Core.Abstention;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Judging;

namespace Tiebreak.Core.Bundles;

/// <summary>A judge loaded from its folder, proven to be the one that was saved.</summary>
public sealed partial class Bundle : IAsyncDisposable
{
    /// <summary>The manifest's file name.</summary>
    public const string ManifestName = "judge.json";

    internal static readonly SelfProvingFolder<BundleManifest> Layout = new()
    {
        ManifestName = ManifestName,
        Name = "a judge bundle",
        Json = BundleJson.Default.BundleManifest,
    };

    private readonly string _folder;

    private Bundle(string folder, BundleManifest manifest, IJudge oneOrder)
    {
        _folder = folder;
        Manifest = manifest;
        OneOrder = oneOrder;
        Judge = WithSwap(manifest.Swap);
    }

    /// <summary>What <c>judge.json</c> says.</summary>
    public BundleManifest Manifest { get; }

    /// <summary>The judge as it was trained: one order of A and B, without the calibration. Dispose the bundle, not this judge.</summary>
    public IJudge OneOrder { get; }

    /// <summary>The judge with the bundle's own calibration and swap policy; it abstains where the bundle has a rule for that.</summary>
    public IJudge Judge { get; }

    /// <summary>What a person should know about the bundle's folder, in one sentence; null for nothing.</summary>
    public string? Notice => Layout.NoticeOf(_folder, Manifest);

    /// <summary>Refuses a folder that a bundle cannot be written to, before anything is trained.</summary>
    /// <exception cref="TiebreakException">It holds something else, or cannot be written.</exception>
    public static void ThrowIfNotFree(string folder) => Layout.ThrowIfNotFree(folder);

    /// <summary>
    /// What the judge was trained on, row by row; null for a bundle that was saved without <see cref="SeenBattles.FileName"/>.
    /// </summary>
    /// <exception cref="InputException">The file has another layout.</exception>
    public SeenBattles? ReadSeen() => Manifest.Files.ContainsKey(SeenBattles.FileName) ? SeenBattles.Read(_folder) : null;

    /// <summary>
    /// The same judge with another swap policy. It shares the model with <see cref="Judge"/>: dispose the bundle, not the judge. The rule
    /// by which it abstains (<see cref="AbstentionWith"/>) may not hold for it.
    /// </summary>
    public IJudge WithSwap(SwapPolicy swap) => Around(OneOrder, swap);

    /// <summary>
    /// The rule by which the judge abstains with a swap policy; null for none. It was fitted to what the judge says with the bundle's own
    /// policy, and promises nothing for another, unless the judge answers both orders alike.
    /// </summary>
    public AbstentionRule? AbstentionWith(SwapPolicy swap) =>
        swap == Manifest.Swap || OneOrder.Traits.IsSymmetric ? Manifest.Abstention : null;

    /// <summary>Opens a bundle: verifies every file's hash, opens the judge, and scores the check rows again.</summary>
    /// <param name="folder">The bundle's folder.</param>
    /// <param name="registry">The judge kinds that can be opened.</param>
    /// <param name="placement">Where the judge computes; null for the CPU with all cores.</param>
    /// <param name="verification">
    /// How much is proved. Check rows are scored only of kinds that allow it; see <see cref="IJudgeFormat.RescoresCheckRows"/>.
    /// </param>
    /// <param name="loggerFactory">Where it is logged what the judge does, also later; null for nowhere.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    /// <exception cref="InputException">
    /// Not a bundle, damaged, of an unknown kind or version, or it does not reproduce its check rows.
    /// </exception>
    public static async Task<Bundle> OpenAsync(
        string folder,
        JudgeRegistry registry,
        Placement? placement = null,
        Verification verification = Verification.Full,
        ILoggerFactory? loggerFactory = null,
        CancellationToken cancellationToken = default)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            var manifest = Layout.Open(folder, verification);
            if (!manifest.IsPossible)
            {
                throw new InputException(
                    $"{Path.Combine(folder, ManifestName)} is damaged: its labels, priors, temperature or calibration are impossible. " +
                    "Restore the bundle or train the judge again.");
            }

            var format = registry[manifest.Kind];
            var opening = new BundleOpening
            {
                Folder = folder,
                Manifest = manifest,
                Placement = placement ?? new(),
                Registry = registry,
                LoggerFactory = loggerFactory ?? NullLoggerFactory.Instance,
            };
            var judge = await format.OpenAsync(opening, cancellationToken).ConfigureAwait(false);
            try
            {
                // Check rows are nobody's battles: they are not counted.
                if (verification == Verification.Full && format.RescoresCheckRows)
                {
                    var whole = Assemble(judge, manifest.Swap, manifest.CalibrationSteps);
                    await CheckRows.VerifyAsync(folder, whole, manifest, cancellationToken).ConfigureAwait(false);
                }
            }
            catch
            {
                await judge.DisposeAsync().ConfigureAwait(false);
                throw;
            }

            var logger = opening.LoggerFactory.CreateLogger<Bundle>();
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            LogOpened(logger, manifest.Kind, folder, opening.Placement.Device, opening.Placement.Threads, verification, seconds);
            return new Bundle(folder, manifest, new MeasuredJudge(judge, manifest.Kind, logger));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            throw Layout.Unreadable(folder, exception);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => OneOrder.DisposeAsync();

    /// <summary>The calibration and the rule of this bundle around its judge of one order, or around a decorator of that.</summary>
    internal IJudge Around(IJudge oneOrder, SwapPolicy swap)
    {
        var judge = Assemble(oneOrder, swap, Manifest.CalibrationSteps);
        return AbstentionWith(swap) is { } rule ? new AbstainingJudge(judge, rule) : judge;
    }

    /// <summary>Copies a bundle into a folder that is not there yet: what its manifest names, and nothing that lies beside it.</summary>
    internal static void Copy(string source, string target)
    {
        var manifest = Layout.Open(source, Verification.None);
        foreach (var name in manifest.Files.Keys.Append(ManifestName).Append(Layout.HashName))
        {
            var (file, copy) = (Path.Combine(source, name), Path.Combine(target, name));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            if (File.Exists(file)) // bundles of the first version have no hash of the manifest
                File.Copy(file, copy);
        }
    }

    internal static IJudge Assemble(IJudge oneOrder, SwapPolicy swap, IReadOnlyList<ICalibration> calibration) =>
        new CalibratedJudge(swap == SwapPolicy.Always ? new SwapAveragedJudge(oneOrder) : oneOrder, calibration);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Opened a judge of kind {Kind} from {Folder} on {Device} with {Threads} threads (verified: {Verification}) " +
            "in {Seconds:F3} s.")]
    private static partial void LogOpened(
        ILogger logger, string kind, string folder, string device, int threads, Verification verification, double seconds);
}
