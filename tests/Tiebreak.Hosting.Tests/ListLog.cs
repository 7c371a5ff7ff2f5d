using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Tiebreak.Hosting.Tests;

/// <summary>Keeps what is logged.</summary>
/// <param name="level">The lowest level that is kept.</param>
internal sealed class ListLog(LogLevel level = LogLevel.Trace) : ILoggerFactory, ILogger
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= level;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            Lines.Enqueue($"{formatter(state, exception)} {exception}");
    }

    public void Dispose()
    {
    }
}
