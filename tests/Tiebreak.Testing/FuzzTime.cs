using System.Diagnostics;
using System.Globalization;

namespace Tiebreak.Testing;

/// <summary>
/// How long a fuzz test runs, and how many damaged files it has read. The long runs take as many seconds as <c>TIEBREAK_FUZZ_SECONDS</c>
/// says (60 where it is not set), each, and print their count every minute and at the end. <c>TIEBREAK_FUZZ_TARGET</c> leaves only one of
/// the data readers.
/// </summary>
/// <param name="target">What is fuzzed.</param>
public sealed class FuzzTime(string target) : IDisposable
{
    private const int SlowSeconds = 30;

    private readonly ITestOutputHelper? _output = TestContext.Current.TestOutputHelper;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private long _cases;
    private long _nextReport = 60;
    private bool _hasFailed;

    /// <summary>Seconds of a long run.</summary>
    public static int LongSeconds { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("TIEBREAK_FUZZ_SECONDS"), CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : 60;

    /// <summary>True if this target is among the long runs.</summary>
    public static bool IsLong(string target) => Environment.GetEnvironmentVariable("TIEBREAK_FUZZ_TARGET") is not { Length: > 0 } only
        || string.Equals(target, only, StringComparison.Ordinal);

    /// <summary>
    /// Reads a damaged file and counts it. The first that fails is printed at once: what follows may take the rest of the time to shrink
    /// it.
    /// </summary>
    public void Read(IReadOnlyList<Damage> damages, Action read)
    {
        using var slow = new Timer(
            _ => Tell($"STILL READING after {SlowSeconds} s: {string.Join(", ", damages)}"),
            state: null,
            TimeSpan.FromSeconds(SlowSeconds),
            Timeout.InfiniteTimeSpan);
        try
        {
            read();
        }
        catch (Exception exception)
        {
            if (!Interlocked.Exchange(ref _hasFailed, true))
                Tell($"FAILED by {string.Join(", ", damages)}: {exception}");
            throw;
        }

        Interlocked.Increment(ref _cases);
        var next = Interlocked.Read(ref _nextReport);
        if (_watch.Elapsed.TotalSeconds >= next && Interlocked.CompareExchange(ref _nextReport, next + 60, next) == next)
            Report();
    }

    public void Dispose() => Report();

    private void Report() => Tell(string.Create(CultureInfo.InvariantCulture,
        $"{Interlocked.Read(ref _cases)} damaged files in {_watch.Elapsed.TotalMinutes:F1} minutes, "
            + $"{Process.GetCurrentProcess().TotalProcessorTime.TotalMinutes:F1} of them on a processor"));

    private void Tell(string what) => _output?.WriteLine($"{target}: {what}");
}
