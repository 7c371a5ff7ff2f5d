using Tiebreak.Core;

namespace Tiebreak.Runs;

/// <summary>Refuses to go on with a run that would compute something else than what it began with.</summary>
internal static class ManifestCheck
{
    /// <summary>How .NET's own version begins.</summary>
    private const string Framework = ".NET ";

    /// <param name="folder">The run's folder, for messages.</param>
    /// <param name="old">What the run began with.</param>
    /// <param name="present">What it would begin with now; shard sizes are the run's own and not compared.</param>
    /// <exception cref="InputException">They differ; the message says in what.</exception>
    public static void Verify(string folder, RunManifest old, RunManifest present)
    {
        Same(folder, "the data", old.Data.Sha256, present.Data.Sha256, $"{old.DataPath} ({old.Rows:N0} rows)");
        Same(folder, "the file of numbers", old.NumbersSha256, present.NumbersSha256, old.NumbersPath ?? "none");
        Same(folder, "the judge", old.JudgeSha256, present.JudgeSha256, old.JudgePath);
        Same(folder, "the fallback judge", old.FallbackSha256, present.FallbackSha256, old.FallbackPath ?? "none");
        Same(
            folder, "the swap setting", $"{old.SecondOrder}", $"{present.SecondOrder}",
            $"second order {old.SecondOrder}".ToLowerInvariant());
        foreach (var (name, version) in old.Versions)
        {
            if (present.Versions.GetValueOrDefault(name) is not { } now || !ComputesTheSame(version, now))
                throw Changed(folder, name, version);
        }

        Same(folder, "the order of rows", old.OrderSha256, present.OrderSha256, "another estimate of lengths");
    }

    private static void Same(string folder, string what, string? before, string? now, string was)
    {
        if (!string.Equals(before, now, StringComparison.Ordinal))
            throw Changed(folder, what, was);
    }

    private static InputException Changed(string folder, string what, string was) => new(
        $"The run in {folder} was begun with something else: {what} was {was} and has changed. " +
        "Give the same again to resume, or name another folder for a new run.");

    /// <summary>Another commit of Tiebreak may compute something else; a patch of .NET (10.0.4 after 10.0.3) does not.</summary>
    private static bool ComputesTheSame(string before, string now)
    {
        if (before.StartsWith(Framework, StringComparison.Ordinal))
            return string.Equals(WithoutPatch(before), WithoutPatch(now), StringComparison.Ordinal);

        // A build outside of git does not know its commit: then the version alone is compared.
        var (old, present) = (before.Split('+'), now.Split('+'));
        return string.Equals(old[0], present[0], StringComparison.Ordinal) &&
            (old.Length == 1 || present.Length == 1 || string.Equals(old[1], present[1], StringComparison.Ordinal));
    }

    // ".NET 10.0" of ".NET 10.0.3".
    private static string WithoutPatch(string framework) => string.Join('.', framework[Framework.Length..].Split('.').Take(2));
}
