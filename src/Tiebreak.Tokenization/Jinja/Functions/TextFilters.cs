using System.Text;
using Tiebreak.Tokenization.Jinja.Evaluation;
using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Functions;

/// <summary>Filters that give texts.</summary>
internal static class TextFilters
{
    public static Value String(Rendering rendering, Value value, Arguments arguments)
    {
        arguments.Bind("string");
        return rendering.StringOf(value);
    }

    public static Value Upper(Rendering rendering, Value value, Arguments arguments) =>
        Map("upper", LetterCase.Upper, rendering, value, arguments);

    public static Value Lower(Rendering rendering, Value value, Arguments arguments) =>
        Map("lower", LetterCase.Lower, rendering, value, arguments);

    public static Value Capitalize(Rendering rendering, Value value, Arguments arguments) =>
        Map("capitalize", LetterCase.Capitalize, rendering, value, arguments);

    /// <summary>Words with a first letter in upper case; unlike the method, what follows an apostrophe is no new word.</summary>
    public static Value Title(Rendering rendering, Value value, Arguments arguments)
    {
        arguments.Bind("title");
        var text = rendering.TextOf(value);
        rendering.Meter.CreateText(2L * text.Length);
        var title = new StringBuilder(text.Length);
        for (var start = 0; start < text.Length;)
        {
            var end = start;
            while (end < text.Length && !EndsWord(text[end]))
                end++;
            title.Append(LetterCase.Capitalize(text[start..end]));
            if (end < text.Length)
                title.Append(text[end++]);
            start = end;
        }

        return new StringValue(title.ToString());
    }

    public static Value Trim(Rendering rendering, Value value, Arguments arguments) =>
        StringMethods.Strip(rendering.StringOf(value), arguments.Bind("trim", "chars?")[0], atStart: true, atEnd: true, rendering.Meter);

    public static Value Center(Rendering rendering, Value value, Arguments arguments) => Padding.Center(
        rendering.StringOf(value), arguments.Bind("center", "width?")[0] ?? IntegerValue.Of(80), null, rendering.Meter);

    public static Value Replace(Rendering rendering, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("replace", "old", "new", "count?");
        return StringMethods.Replace(
            new StringValue(rendering.TextOf(value)), new StringValue(rendering.TextOf(bound[0]!)),
            new StringValue(rendering.TextOf(bound[1]!)), bound[2] is NoneValue ? null : bound[2], rendering.Meter);
    }

    public static Value Join(Rendering rendering, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("join", "d?", "attribute?");
        var (between, path) = (bound[0] is null ? "" : rendering.TextOf(bound[0]!), AttributePath.Of(bound[1]));
        var sink = new TextSink(rendering.Meter);
        var isFirst = true;
        foreach (var item in rendering.Items(value))
        {
            if (!isFirst)
                sink.Write(between);
            sink.Write(rendering.TextOf(path.Get(rendering, item)));
            isFirst = false;
        }

        return new StringValue(sink.ToString());
    }

    /// <summary>Puts a width of spaces, or a text, before each line but the first and the empty ones.</summary>
    public static Value Indent(Rendering rendering, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("indent", "width?", "first?", "blank?");
        var (indentsFirst, indentsBlank) = (bound[1]?.IsTrue ?? false, bound[2]?.IsTrue ?? false);
        var indent = bound[0] switch
        {
            null => "    ",
            StringValue text => text.Text,
            var width => new string(' ', Padding.Width(width)),
        };
        var whole = value switch
        {
            StringValue text => text,
            _ => throw value.Unfit("\"indent\" takes a text"),
        };
        var sink = new TextSink(rendering.Meter);
        var isFirst = true;
        foreach (var line in StringMethods.Lines(whole.Text + "\n", keepsEnds: false))
        {
            if (!isFirst)
                sink.Write("\n");
            if (isFirst ? indentsFirst : indentsBlank || line.Length > 0)
                sink.Write(indent);
            sink.Write(line);
            isFirst = false;
        }

        return whole.With(sink.ToString());
    }

    /// <summary>Shortens a text that is more than a few characters too long, at a word's end unless words may be cut.</summary>
    public static Value Truncate(Rendering rendering, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("truncate", "length?", "killwords?", "end?", "leeway?");
        var length = bound[0] is { } most ? Padding.Width(most) : 255;
        var end = bound[2] is { } mark ? rendering.StringOf(mark) : new StringValue("...");
        var leeway = bound[3] is null or NoneValue ? 5 : Padding.Width(bound[3]!);
        if (length < end.Length)
            throw new JinjaException($"\"truncate\" cannot shorten to {length} characters what ends with {end.Length}.");
        rendering.Meter.Scan((value as StringValue)?.Text ?? "");
        if (value.Length <= (long)length + leeway)
            return value;
        var text = value as StringValue ?? throw value.Unfit("\"truncate\" takes a text");
        rendering.Meter.CreateText(text.Text.Length);
        var kept = PythonText.Part(text.Text, 0, length - end.Length!.Value);
        if (bound[1] is not { IsTrue: true } && kept.LastIndexOf(' ') is var space and >= 0)
            kept = kept[..space];
        return text.With(kept + end.Text);
    }

    public static Value Format(Rendering rendering, Value value, Arguments arguments)
    {
        if (arguments is { Positional.Count: > 0, Named.Count: > 0 })
            throw new JinjaException("\"format\" takes arguments with names or without, not both.");
        Value values = arguments.Named.Count == 0
            ? ListValue.Tuple(arguments.Positional)
            : DictValue.Of(arguments.Named.Select(argument => ((Value)new StringValue(argument.Name), argument.Value)), rendering.Meter);
        return PercentFormat.Apply(rendering.StringOf(value), values, rendering.Meter);
    }

    public static Value CountWords(Rendering rendering, Value value, Arguments arguments)
    {
        arguments.Bind("wordcount");
        var text = rendering.TextOf(value);
        rendering.Meter.Read(text);
        var (words, isInside) = (0, false);
        foreach (var character in PythonText.CodePoints(text))
        {
            var isOfWord = char.IsLetterOrDigit(character, 0) || character is "_";
            words += isOfWord && !isInside ? 1 : 0;
            isInside = isOfWord;
        }

        return IntegerValue.Of(words);
    }

    public static Value Safe(Rendering rendering, Value value, Arguments arguments)
    {
        arguments.Bind("safe");
        return new StringValue(rendering.TextOf(value), isMarkup: true);
    }

    public static Value Escape(Rendering rendering, Value value, Arguments arguments)
    {
        arguments.Bind("escape");
        return Html.Escape(rendering.StringOf(value), rendering.Meter);
    }

    public static Value ForceEscape(Rendering rendering, Value value, Arguments arguments)
    {
        arguments.Bind("forceescape");
        return Html.ForceEscape(rendering.TextOf(value), rendering.Meter);
    }

    /// <summary>A text as a part of an address; a dictionary or pairs as a query.</summary>
    public static Value EncodeUrl(Rendering rendering, Value value, Arguments arguments)
    {
        arguments.Bind("urlencode");
        if (value is StringValue || value.Items(rendering.Meter) is not { } items)
            return new StringValue(Html.EncodeUrl(rendering.TextOf(value), isQuery: false, rendering.Meter));
        var pairs = value is DictValue dictionary ? dictionary.Pairs(rendering.Meter) : items;
        return new StringValue(string.Join('&', pairs.Select(pair => rendering.List(pair) is [var key, var its]
            ? $"{Encoded(key)}={Encoded(its)}"
            : throw new JinjaException("\"urlencode\" takes a text, a dictionary or pairs."))));

        string Encoded(Value part) => Html.EncodeUrl(rendering.TextOf(part), isQuery: true, rendering.Meter);
    }

    public static Value XmlAttributes(Rendering rendering, Value value, Arguments arguments)
    {
        var hasSpace = arguments.Bind("xmlattr", "autospace?")[0]?.IsTrue ?? true;
        return value is DictValue dictionary
            ? Html.Attributes(rendering, dictionary, hasSpace)
            : throw value.Unfit("\"xmlattr\" takes a dictionary");
    }

    private static StringValue Map(string filter, Func<string, string> map, Rendering rendering, Value value, Arguments arguments)
    {
        arguments.Bind(filter);
        var text = rendering.StringOf(value);
        rendering.Meter.CreateText(3L * text.Text.Length);
        return text.With(map(text.Text));
    }

    private static bool EndsWord(char character) => character is '-' or '(' or '{' or '[' or '<' || PythonText.IsSpace(character);
}
