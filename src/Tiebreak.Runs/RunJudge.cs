using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Files;
using Tiebreak.Core.Judging;

namespace Tiebreak.Runs;

/// <summary>The judge of a run, taken apart into what the passes need. The bundles behind it are the caller's to dispose.</summary>
public sealed record RunJudge
{
    /// <summary>The judge of one order, not calibrated.</summary>
    public required IJudge OneOrder { get; init; }

    /// <summary>The calibration, applied to the mean of the orders that were judged.</summary>
    public IReadOnlyList<ICalibration> Calibration { get; init; } = [];

    /// <summary>What a battle gets that nobody has judged: the class shares of the training data.</summary>
    public required Preference Prior { get; init; }

    /// <summary>The bundle's folder.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256 of the bundle's <c>judge.json</c>.</summary>
    public required string Sha256 { get; init; }

    /// <summary>A fast judge that stands in where this one has not judged or fails; null for the class shares.</summary>
    public IJudge? Fallback { get; init; }

    /// <summary>The folder of the fallback's bundle.</summary>
    public string? FallbackPath { get; init; }

    /// <summary>SHA-256 of the <c>judge.json</c> of the fallback's bundle.</summary>
    public string? FallbackSha256 { get; init; }

    /// <summary>The judge of an open bundle.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="folder">Its folder.</param>
    public static RunJudge Of(Bundle bundle, string folder) => new()
    {
        OneOrder = bundle.OneOrder,
        Calibration = bundle.Manifest.CalibrationSteps,
        Prior = bundle.Manifest.Prior,
        Path = System.IO.Path.GetFullPath(folder),
        Sha256 = Hash(folder),
    };

    /// <summary>The same judge with a fast one to stand in for it.</summary>
    public RunJudge WithFallback(Bundle bundle, string folder) => this with
    {
        Fallback = bundle.Judge,
        FallbackPath = System.IO.Path.GetFullPath(folder),
        FallbackSha256 = Hash(folder),
    };

    private static string Hash(string folder) => FileSha256.Of(System.IO.Path.Combine(folder, Bundle.ManifestName));
}
