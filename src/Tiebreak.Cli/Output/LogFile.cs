using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tiebreak.Core;
using Tiebreak.Core.Files;

namespace Tiebreak.Cli.Output;

/// <summary>
/// What <c>--log</c> writes: a JSON object a line for each event of judges, runs and trainings, and at the end one for each metric.
/// </summary>
internal sealed class LogFile : ILoggerFactory
{
    private static readonly JsonWriterOptions Json = new() { Encoder = CommandJson.Encoder };

    private readonly Lock _lock = new();
    private readonly MetricTotals _metrics = new();
    private readonly TextWriter _error;
    private readonly StreamWriter? _file;
    private bool _isBroken;

    private LogFile(StreamWriter? file, TextWriter error) => (_file, _error) = (file, error);

    /// <summary>Goes on with a file, or begins one.</summary>
    /// <param name="path">The file; <c>-</c> for standard error.</param>
    /// <param name="error">Standard error.</param>
    /// <exception cref="TiebreakException">The file cannot be written.</exception>
    public static LogFile Open(string path, TextWriter error)
    {
        if (path is "-")
            return new LogFile(file: null, error);

        FileStream? stream = null;
        StorageError.Guard(path, () => stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite));
        return new LogFile(new StreamWriter(stream!, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true }, error);
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always: this log goes to one place.</exception>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("This log goes to one place.");

    /// <summary>Writes the metrics and closes the file.</summary>
    public void Dispose()
    {
        _metrics.Dispose();
        foreach (var metric in _metrics.Read())
            Write(metric.WriteTo);
        if (!_isBroken)
            _file?.Dispose();
    }

    private void Write(Action<Utf8JsonWriter> values)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line, Json))
        {
            json.WriteStartObject();
            json.WriteString("time", DateTime.UtcNow);
            values(json);
            json.WriteEndObject();
        }

        lock (_lock)
            WriteLine(Encoding.UTF8.GetString(line.WrittenSpan));
    }

    // The job is worth more than its log.
    private void WriteLine(string line)
    {
        if (_isBroken)
            return;
        try
        {
            (_file ?? _error).WriteLine(line);
        }
        catch (IOException exception)
        {
            _isBroken = true;
            _error.WriteLine($"Warning: the log ends here, because it could not be written: {exception.Message}");
        }
    }

    private sealed class Logger(LogFile file, string category) : ILogger
    {
        private const string Template = "{OriginalFormat}";

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Debug and < LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            file.Write(json =>
            {
                json.WriteString("level", logLevel.ToString());
                json.WriteString("category", category);
                json.WriteString("message", formatter(state, exception));
                if (state is IReadOnlyList<KeyValuePair<string, object?>> values)
                {
                    json.WriteStartObject("values");
                    foreach (var (name, value) in values.Where(pair => !string.Equals(pair.Key, Template, StringComparison.Ordinal)))
                        WriteValue(json, name, value);
                    json.WriteEndObject();
                }

                if (exception is not null)
                    json.WriteString("exception", exception.ToString());
            });

        private static void WriteValue(Utf8JsonWriter json, string name, object? value)
        {
            switch (value)
            {
                case int or long:
                    json.WriteNumber(name, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                    break;
                case double number when double.IsFinite(number):
                    json.WriteNumber(name, number);
                    break;
                case bool flag:
                    json.WriteBoolean(name, flag);
                    break;
                default:
                    json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                    break;
            }
        }
    }
}
