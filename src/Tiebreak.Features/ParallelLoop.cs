using System.Runtime.ExceptionServices;

namespace Tiebreak.Features;

/// <summary>Loops over several threads that fail as one thread would.</summary>
internal static class ParallelLoop
{
    /// <summary>Runs a body for 0 to <paramref name="count"/> - 1.</summary>
    /// <param name="count">How often.</param>
    /// <param name="threads">Most at once.</param>
    /// <param name="body">What is run; it writes to places of its own.</param>
    /// <param name="cancellationToken">Stops between two runs.</param>
    /// <exception cref="Exception">The first one of the body, as it was thrown: a person reads one sentence, not one a thread.</exception>
    public static void For(int count, int threads, Action<int> body, CancellationToken cancellationToken)
    {
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
            _ = Parallel.For(0, count, options, body);
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }
    }
}
