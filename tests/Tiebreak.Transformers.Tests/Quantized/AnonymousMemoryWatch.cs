using System.Globalization;

namespace Tiebreak.Transformers.Tests.Quantized;

/// <summary>Looks every millisecond at how much memory of the process is backed by no file.</summary>
internal sealed class AnonymousMemoryWatch : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private readonly long _before = Read();
    private long _most;

    public AnonymousMemoryWatch()
    {
        _thread = new Thread(() =>
        {
            while (!_stop.IsCancellationRequested)
            {
                _most = Math.Max(_most, Read());
                Thread.Sleep(1);
            }
        });
        _thread.Start();
    }

    /// <summary>Bytes at the highest, above those at the start.</summary>
    public long Stop()
    {
        _stop.Cancel();
        _thread.Join();
        return _most - _before;
    }

    public void Dispose()
    {
        _ = Stop();
        _stop.Dispose();
    }

    private static long Read()
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
