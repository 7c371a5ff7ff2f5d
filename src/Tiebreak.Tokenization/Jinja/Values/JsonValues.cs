using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Tiebreak.Core.Json;
using Tiebreak.Tokenization.Jinja.Evaluation;

namespace Tiebreak.Tokenization.Jinja.Values;

/// <summary>JSON as the values that Python's reader makes of it: 1 is a whole number and 1.0 is none, keys keep their order.</summary>
internal static class JsonValues
{
    /// <exception cref="JinjaException">A name is no Unicode, or a number is too long.</exception>
    public static Value Read(JsonElement json, Meter meter)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                return new StringValue(Text(json));
            case JsonValueKind.Number:
                return Number(json.GetRawText());
            case JsonValueKind.True or JsonValueKind.False:
                return BooleanValue.Of(json.GetBoolean());
            case JsonValueKind.Array:
                meter.CreateItems(json.GetArrayLength());
                return new ListValue([.. json.EnumerateArray().Select(item => Read(item, meter))]);
            case JsonValueKind.Object:
                return DictValue.Of(
                    json.EnumerateObject().Select(member => ((Value)new StringValue(NameOf(member)), Read(member.Value, meter))), meter);
            default:
                return NoneValue.Instance;
        }
    }

    private static Value Number(string digits) => digits.AsSpan().ContainsAny(".eE")
        ? new FloatValue(double.Parse(digits, CultureInfo.InvariantCulture))
        : digits.Length <= JinjaLimits.IntegerBits
            ? IntegerValue.Of(BigInteger.Parse(digits, CultureInfo.InvariantCulture))
            : throw new JinjaException("A number has too many digits.");

    // System.Text.Json refuses to make strings of lone surrogates; the reader of Core makes U+FFFD of them.
    private static string Text(JsonElement json)
    {
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(json));
        reader.Read();
        return JsonText.Read(ref reader);
    }

    private static string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            throw new JinjaException("A name of the input is not valid Unicode.");
        }
    }
}
