using System.Globalization;
using Tiebreak.Tokenization.Jinja.Evaluation;
using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Functions;

/// <summary>The method <c>format</c> of texts: <c>{}</c>, <c>{0}</c> and <c>{name}</c>. Formats behind a colon are refused.</summary>
internal static class BraceFormat
{
    public static Value Apply(StringValue format, Rendering rendering, Arguments arguments)
    {
        var sink = new TextSink(rendering.Meter);
        var (text, next) = (format.Text, 0);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('{' or '}'))
            {
                sink.Write(text[i].ToString());
            }
            else if (i + 1 < text.Length && text[i + 1] == text[i])
            {
                sink.Write(text[i++].ToString());
            }
            else
            {
                var end = text[i] == '{' ? text.IndexOf('}', i) : -1;
                if (end < 0)
                    throw new JinjaException("\"format\" found a brace without its other half.");
                var field = text[(i + 1)..end];
                sink.Write(rendering.TextOf(field.Length == 0 ? Positional(next++) : Argument(field)));
                i = end;
            }
        }

        return format.With(sink.ToString());

        Value Argument(string field)
        {
            if (field.AsSpan().ContainsAny("!:.[{"))
                throw JinjaException.Unsupported($"the field \"{{{field}}}\" of the method \"format\"");
            if (int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
                return Positional(index);
            return arguments.Named.FirstOrDefault(argument => string.Equals(argument.Name, field, StringComparison.Ordinal)).Value
                ?? throw new JinjaException($"\"format\" has no argument \"{field}\".");
        }

        Value Positional(int index) => arguments.Positional.ElementAtOrDefault(index)
            ?? throw new JinjaException($"\"format\" has no argument number {index}.");
    }
}
