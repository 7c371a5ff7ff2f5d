namespace Tiebreak.Features.LightGbm;

/// <summary>
/// Lets only calls with the same number of threads into LightGBM at once. LightGBM keeps that number in one variable of the process: a call
/// sizes its buffers by it and numbers its threads by it later on, so a call with more threads in between makes it write behind their end.
/// </summary>
internal static class LightGbmThreads
{
    /// <summary>What is given as <c>num_threads</c>: never the limit, which <see cref="Take"/> sets.</summary>
    public const int Unlimited = 1024;

    private static readonly object Gate = new();
    private static int _limit;
    private static int _running;
    private static long _lastTicket;
    private static long _lastAdmitted;

    /// <summary>Waits until no call with another number of threads is running; first come, first served.</summary>
    /// <param name="threads">Threads that the call may use, at least 1.</param>
    /// <returns>Dispose it after the call.</returns>
    public static Turn Take(int threads)
    {
        LightGbmLibrary.EnsureLoaded();
        lock (Gate)
        {
            var ticket = ++_lastTicket;
            while (ticket != _lastAdmitted + 1 || (_running > 0 && _limit != threads))
                Monitor.Wait(Gate);

            _lastAdmitted = ticket;
            _running++;
            if (_limit != threads)
                LightGbmLibrary.Check(LightGbmNative.LGBM_SetMaxThreads(_limit = threads));
            Monitor.PulseAll(Gate); // the next one in line may need the same number
            return default;
        }
    }

    private static void Return()
    {
        lock (Gate)
        {
            if (--_running == 0)
                Monitor.PulseAll(Gate);
        }
    }

    /// <summary>A call that is running.</summary>
    internal readonly ref struct Turn : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose() => Return();
    }
}
