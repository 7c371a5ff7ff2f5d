using Tiebreak.Reports.Documents;

namespace Tiebreak.Cli.Verbs.Scoring;

/// <summary>What plans of models show alike: where memory suffices, sizes and times in words.</summary>
internal static class PlanTables
{
    // Memory of cards that people compute with, less what the driver and the libraries keep.
    private static readonly (string Name, double Gigabytes)[] Cards =
    [
        ("T4, 16 GB", 14.5), ("L4, RTX 3090 or 4090, 24 GB", 22), ("A100, 40 GB", 38), ("A100 or H100, 80 GB", 77),
    ];

    /// <summary>Where that much memory is.</summary>
    /// <param name="total">Bytes in all.</param>
    /// <param name="mapped">The part of them in mapped files.</param>
    /// <param name="here">Bytes that this process may use.</param>
    public static TextTable Devices(long total, long mapped, long here)
    {
        var fitsHere = total <= here ? "yes"
            : total - mapped <= here ? "slowly: weights are read from the disk again and again" : "no";
        return new TextTable("Where it fits", ["Device", "Memory", "Fits"],
        [
            ["This machine's memory", Size(here), fitsHere],
            .. Cards.Select(card => new[] { card.Name, $"{card.Gigabytes:0.#} GB free", total <= card.Gigabytes * 1e9 ? "yes" : "no" }),
        ]);
    }

    public static string Size(long bytes) =>
        bytes >= 1e9 ? $"{bytes / 1e9:0.00} GB" : bytes >= 1e6 ? $"{bytes / 1e6:0.0} MB" : $"{bytes / 1e3:0} kB";

    public static string Duration(double seconds) => seconds switch
    {
        < 120 => $"{seconds:0.#} s",
        < 7200 => $"{seconds / 60:0} min",
        < 172_800 => $"{seconds / 3600:0.#} h",
        _ => $"{seconds / 86_400:0.#} days",
    };
}
