using System.Text.Json;
using System.Text.Json.Serialization;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Json;

/// <summary>Writes an interval as a list of its two ends; what does not exist is null.</summary>
internal sealed class IntervalConverter : JsonConverter<Interval>
{
    private static readonly FiniteNumberConverter Number = new();

    /// <inheritdoc/>
    public override Interval Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not JsonTokenType.StartArray)
            throw new JsonException("An interval is a list of two numbers.");
        Span<double> ends = stackalloc double[2];
        foreach (ref var end in ends)
        {
            reader.Read();
            end = Number.Read(ref reader, typeof(double), options);
        }

        return reader.Read() && reader.TokenType is JsonTokenType.EndArray
            ? new Interval(ends[0], ends[1])
            : throw new JsonException("An interval is a list of two numbers.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Interval value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        Number.Write(writer, value.Lower, options);
        Number.Write(writer, value.Upper, options);
        writer.WriteEndArray();
    }
}
