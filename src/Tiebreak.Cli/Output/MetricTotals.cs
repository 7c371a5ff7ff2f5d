using System.Diagnostics.Metrics;
using System.Text.Json;
using Tiebreak.Core.Diagnostics;

namespace Tiebreak.Cli.Output;

/// <summary>Adds up what <see cref="TiebreakMeter"/> records in this process.</summary>
internal sealed class MetricTotals : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, MetricTotal> _totals = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new()
    {
        InstrumentPublished = (instrument, listener) =>
        {
            if (string.Equals(instrument.Meter.Name, TiebreakMeter.Name, StringComparison.Ordinal))
                listener.EnableMeasurementEvents(instrument);
        },
    };

    public MetricTotals()
    {
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>One total for each instrument and its tags until now, in the order of their names.</summary>
    public IReadOnlyList<MetricTotal> Read()
    {
        lock (_lock)
            return [.. _totals.Values];
    }

    /// <summary>Stops listening.</summary>
    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = instrument.Name;
        foreach (var (tag, of) in tags)
            name = $"{name} {tag}={of}";
        lock (_lock)
        {
            if (!_totals.TryGetValue(name, out var total))
                _totals[name] = total = new MetricTotal(instrument, tags.ToArray());
            total.Add(value);
        }
    }
}

/// <summary>What was recorded by an instrument with some tags.</summary>
/// <param name="instrument">The instrument.</param>
/// <param name="tags">The tags.</param>
internal sealed class MetricTotal(Instrument instrument, KeyValuePair<string, object?>[] tags)
{
    private long _count;
    private double _sum;
    private double _last;

    public void Add(double value) => (_count, _sum, _last) = (_count + 1, _sum + value, value);

    /// <summary>Writes it: the sum of a counter, number and sum of a histogram's values, the last value of a gauge.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteString("metric", instrument.Name);
        json.WriteString("unit", instrument.Unit);
        json.WriteStartObject("tags");
        foreach (var (tag, value) in tags)
            json.WriteString(tag, value?.ToString());
        json.WriteEndObject();
        if (instrument is Histogram<double>)
            json.WriteNumber("count", _count);
        if (instrument is Gauge<double>)
            json.WriteNumber("last", _last);
        else
            json.WriteNumber("sum", _sum);
    }
}
