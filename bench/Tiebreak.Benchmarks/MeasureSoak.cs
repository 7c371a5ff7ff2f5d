using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Tiebreak.Benchmarks;

/// <summary>
/// The table of <c>bench/results/CPU/serve-memory.md</c>: the memory of <c>tiebreak serve</c> under an hour of load. Each minute's load
/// comes from a process of its own (<see cref="SoakLoad"/>) with battles that were not there before, so that nothing is in flight when the
/// memory is looked at. Fails if it grows from minute 10 on: medians of ten minutes are compared, because what the runtime keeps for reuse
/// after the load of a single minute is chance.
/// </summary>
internal static class MeasureSoak
{
    /// <summary>Until then caches fill and code is compiled.</summary>
    private const int WarmMinutes = 10;

    private const int MinutesOfMedian = 10;
    private const long MostGrowth = 2_000_000;
    private const double MostResidentGrowth = 1.1;

    /// <summary>Measures.</summary>
    /// <param name="tiebreak">The command.</param>
    /// <param name="judge">The folder of the judge's bundle.</param>
    /// <param name="minutes">For how long; thirty at least.</param>
    public static async Task<int> RunAsync(string tiebreak, string judge, int minutes)
    {
        const int least = WarmMinutes + (2 * MinutesOfMedian);
        if (minutes < least)
            throw new FormatException($"{minutes} minutes are fewer than {least}: ten to warm up, and twice ten to compare.");

        var pipe = $"tiebreak-bench-{Environment.ProcessId}";
        using var server = await ServedCommand.StartAsync(tiebreak, judge, HeapProbe.Environment(pipe));
        Console.WriteLine($"{minutes} minutes of load. {RuntimeInformation.FrameworkDescription}, {DateTime.UtcNow:yyyy-MM-dd}.\n");
        Console.WriteLine("| minute | requests | live managed bytes | native bytes in use | resident |\n|---|---|---|---|---|");
        var samples = new List<(long Managed, long Native, long Resident)>();
        for (var minute = 1; minute <= minutes; minute++)
        {
            var requests = await LoadAsync(server.Address, minute);
            server.Process.Refresh();
            var resident = server.Process.WorkingSet64; // garbage included, as others see the process
            var (managed, native) = await HeapProbe.AskAsync(pipe);
            samples.Add((managed, native, resident));
            Console.WriteLine($"| {minute} | {requests:N0} | {managed:N0} | {native:N0} | {resident / 1e6:N1} MB |");
        }

        Console.WriteLine();
        var (early, late) = (MedianFrom(WarmMinutes), MedianFrom(minutes - MinutesOfMedian));
        Compare($"From minute {WarmMinutes} to {minutes}", samples[WarmMinutes - 1], samples[^1]);
        return Compare($"From the median of the {MinutesOfMedian} minutes after that to the median of the last", early, late) ? 0 : 1;

        (long Managed, long Native, long Resident) MedianFrom(int minute)
        {
            var part = samples.GetRange(minute, MinutesOfMedian);
            return (Median(part.ConvertAll(sample => sample.Managed)), Median(part.ConvertAll(sample => sample.Native)),
                Median(part.ConvertAll(sample => sample.Resident)));
        }
    }

    /// <returns>Whether the memory has stayed as it was.</returns>
    private static bool Compare(
        string what, (long Managed, long Native, long Resident) early, (long Managed, long Native, long Resident) late)
    {
        var (managed, native, times) =
            (late.Managed - early.Managed, late.Native - early.Native, (double)late.Resident / early.Resident);
        Console.WriteLine($"{what}: managed {managed:+#,0;-#,0} bytes, native {native:+#,0;-#,0} bytes, resident {times:F3} times.");
        return managed < MostGrowth && native < MostGrowth && times <= MostResidentGrowth;
    }

    private static long Median(List<long> values) => values.Order().ElementAt(values.Count / 2);

    private static async Task<int> LoadAsync(Uri address, int minute)
    {
        string[] arguments = [SoakLoad.Verb, address.ToString(), minute.ToString(CultureInfo.InvariantCulture)];
        using var process = Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? int.Parse(said, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"The load of minute {minute} ended with exit code {process.ExitCode}.");
    }
}
