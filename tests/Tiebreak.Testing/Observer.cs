using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Tiebreak.Testing;

/// <summary>
/// Keeps everything that is logged to it, and everything that is measured in this process while it exists: also by tests that run beside.
/// </summary>
public sealed class Observer : ILoggerFactory
{
    private readonly ConcurrentQueue<(LogLevel Level, string Category, string Message)> _entries = new();
    private readonly ConcurrentQueue<(string Instrument, double Value, string Tags)> _measurements = new();
    private readonly MeterListener _listener = new()
    {
        InstrumentPublished = (instrument, listener) =>
        {
            if (string.Equals(instrument.Meter.Name, "Tiebreak", StringComparison.Ordinal))
                listener.EnableMeasurementEvents(instrument);
        },
    };

    public Observer()
    {
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Measure(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Measure(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>What was logged, in order.</summary>
    public IReadOnlyCollection<(LogLevel Level, string Category, string Message)> Entries => _entries;

    /// <summary>The values that an instrument recorded whose tags hold a text, as in <c>kind=feature</c>.</summary>
    public IReadOnlyList<double> Values(string instrument, string tags = "") =>
    [
        .. _measurements.Where(one => string.Equals(one.Instrument, instrument, StringComparison.Ordinal)
            && one.Tags.Contains(tags, StringComparison.Ordinal)).Select(one => one.Value),
    ];

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("A test keeps its own log.");

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private void Measure(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = "";
        foreach (var (name, tag) in tags)
            text += $"{name}={tag};";
        _measurements.Enqueue((instrument.Name, value, text));
    }

    private sealed class Logger(Observer observer, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            observer._entries.Enqueue((logLevel, category, formatter(state, exception)));
    }
}
