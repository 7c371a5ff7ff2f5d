namespace Tiebreak.Benchmarks;

/// <summary>What a process measured of itself.</summary>
/// <param name="Seconds">Wall clock of every run, in order; the first one includes the just-in-time compiler.</param>
/// <param name="PeakMib">Peak resident memory of the process in MiB.</param>
/// <param name="Rows">Rows read.</param>
/// <param name="Version">The software it ran on.</param>
internal sealed record Measurement(IReadOnlyList<double> Seconds, double PeakMib, int Rows, string Version)
{
    public double Best => Seconds.Min();

    public double Median => Seconds.Order().ElementAt(Seconds.Count / 2);
}
