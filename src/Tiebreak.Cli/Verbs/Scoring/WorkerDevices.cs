using System.Text.RegularExpressions;
using Tiebreak.Core;

namespace Tiebreak.Cli.Verbs.Scoring;

/// <summary>
/// <c>--device</c> of a run: one worker process per device that is named, each with its own copy of the judge. <c>cpu,cpu</c> are two workers that
/// divide the threads.
/// </summary>
internal static partial class WorkerDevices
{
    /// <summary>The devices that are named; whether they are there, the judge finds out that computes on them.</summary>
    /// <exception cref="InputException">Not a list of devices.</exception>
    public static IReadOnlyList<string> Of(string text)
    {
        var devices = text.Split(',', StringSplitOptions.TrimEntries);
        return Array.Find(devices, device => !Device().IsMatch(device)) is { } wrong
            ? throw new InputException($"--device {text}: \"{wrong}\" is no device; use cpu, cuda:0, or one for each worker: cpu,cpu or cuda:0,cuda:1.")
            : devices;
    }

    [GeneratedRegex(@"^(?:cpu|cuda(?::\d{1,2})?)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Device();
}
