using System.Globalization;
using System.Text;
using Tiebreak.Tokenization.Jinja.Evaluation;
using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Functions;

/// <summary>
/// The filter <c>tojson</c> as transformers defines it: Python's <c>json.dumps</c>, without the escapes for HTML that Jinja's own has.
/// </summary>
internal sealed class JsonText
{
    private readonly Rendering _rendering;
    private readonly TextSink _sink;
    private readonly bool _isAscii;
    private readonly bool _sortsKeys;
    private readonly string? _indent;
    private readonly string _itemSeparator;
    private readonly string _keySeparator;

    private JsonText(Rendering rendering, Value?[] options)
    {
        (_rendering, _sink) = (rendering, new TextSink(rendering.Meter));
        _isAscii = options[0]?.IsTrue ?? false;
        _indent = options[1] switch
        {
            null or NoneValue => null,
            StringValue text => text.Text,
            var width => new string(' ', Padding.Width(width)),
        };
        (_itemSeparator, _keySeparator) = options[2] is null or NoneValue
            ? (_indent is null ? ", " : ",", ": ")
            : rendering.List(options[2]!) is [StringValue item, StringValue key]
                ? (item.Text, key.Text)
                : throw new JinjaException("\"tojson\" takes two texts as separators.");
        _sortsKeys = options[3]?.IsTrue ?? false;
    }

    /// <summary>A value as JSON.</summary>
    public static StringValue Write(Rendering rendering, Value value, Arguments arguments)
    {
        var json = new JsonText(rendering, arguments.Bind("tojson", "ensure_ascii?", "indent?", "separators?", "sort_keys?"));
        json.Write(value, depth: 0);
        return new StringValue(json._sink.ToString());
    }

    private void Write(Value value, int depth)
    {
        _rendering.Meter.Enter();
        switch (value)
        {
            case NoneValue:
                _sink.Write("null");
                break;
            case BooleanValue flag:
                _sink.Write(flag.Flag ? "true" : "false");
                break;
            case IntegerValue:
                _sink.Write(_rendering.TextOf(value));
                break;
            case FloatValue number:
                _sink.Write(Number(number));
                break;
            case StringValue text:
                Write(text.Text);
                break;
            case ListValue list:
                WriteItems('[', list.Entries, ']', depth, item => Write(item, depth + 1));
                break;
            case DictValue dictionary:
                WriteItems('{', Entries(dictionary), '}', depth, entry =>
                {
                    Write(Key(entry.Key));
                    _sink.Write(_keySeparator);
                    Write(entry.Value, depth + 1);
                });
                break;
            default:
                throw new JinjaException($"A value of type {value.TypeName} cannot be written as JSON.");
        }

        _rendering.Meter.Leave();
    }

    private void WriteItems<T>(char open, IEnumerable<T> items, char close, int depth, Action<T> write)
    {
        _sink.Write(open.ToString());
        var isEmpty = true;
        foreach (var item in items)
        {
            if (!isEmpty)
                _sink.Write(_itemSeparator);
            WriteLine(depth + 1);
            write(item);
            isEmpty = false;
        }

        if (!isEmpty)
            WriteLine(depth);
        _sink.Write(close.ToString());
    }

    private void WriteLine(int depth)
    {
        if (_indent is null)
            return;
        _sink.Write("\n");
        for (var i = 0; i < depth; i++)
            _sink.Write(_indent);
    }

    private IEnumerable<KeyValuePair<Value, Value>> Entries(DictValue dictionary)
    {
        if (!_sortsKeys)
            return dictionary.Entries;
        var keys = Sorting.Sort([.. dictionary.Entries.Keys], key => key, isDescending: false, _rendering.Meter);
        return keys.Select(key => KeyValuePair.Create(key, dictionary.Entries[key]));
    }

    private string Key(Value key) => key switch
    {
        StringValue text => text.Text,
        NoneValue => "null",
        BooleanValue flag => flag.Flag ? "true" : "false",
        FloatValue number => Number(number),
        IntegerValue => _rendering.TextOf(key),
        _ => throw new JinjaException($"A key of type {key.TypeName} cannot be written as JSON."),
    };

    private string Number(FloatValue value) => value.Number switch
    {
        double.NaN => "NaN",
        double.PositiveInfinity => "Infinity",
        double.NegativeInfinity => "-Infinity",
        _ => _rendering.TextOf(value),
    };

    private void Write(string text)
    {
        _rendering.Meter.Scan(text);
        var json = new StringBuilder(text.Length + 2).Append('"');
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' => json.Append("\\\""),
                '\\' => json.Append(@"\\"),
                '\n' => json.Append(@"\n"),
                '\r' => json.Append(@"\r"),
                '\t' => json.Append(@"\t"),
                '\f' => json.Append(@"\f"),
                '\b' => json.Append(@"\b"),
                < ' ' => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                > '~' when _isAscii && character != '\u007F' => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => json.Append(character),
            };
        }

        _sink.Write(json.Append('"').ToString());
    }
}
