using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using Tiebreak.Tokenization.Jinja.Evaluation;
using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Functions;

/// <summary>Python's methods of texts.</summary>
internal static class StringMethods
{
    private static readonly Dictionary<string, Func<StringValue, Rendering, Arguments, Value>> ByName = new(StringComparer.Ordinal)
    {
        ["capitalize"] = Map("capitalize", LetterCase.Capitalize),
        ["casefold"] = Map("casefold", text => LetterCase.Lower(LetterCase.Upper(text))),
        ["lower"] = Map("lower", LetterCase.Lower),
        ["swapcase"] = Map("swapcase", LetterCase.Swap),
        ["title"] = Map("title", LetterCase.Title),
        ["upper"] = Map("upper", LetterCase.Upper),
        ["strip"] = Strip("strip", atStart: true, atEnd: true),
        ["lstrip"] = Strip("lstrip", atStart: true, atEnd: false),
        ["rstrip"] = Strip("rstrip", atStart: false, atEnd: true),
        ["removeprefix"] = (text, rendering, arguments) => RemovePrefix(text, arguments, rendering.Meter),
        ["removesuffix"] = (text, rendering, arguments) => RemoveSuffix(text, arguments, rendering.Meter),
        ["replace"] = Replace,
        ["expandtabs"] = ExpandTabs,
        ["zfill"] = FillWithZeros,
        ["center"] = (text, rendering, arguments) =>
            arguments.Bind("center", "width", "fillchar?") is var bound ? Padding.Center(text, bound[0]!, bound[1], rendering.Meter) : text,
        ["ljust"] = Pad("ljust", (_, _) => 0),
        ["rjust"] = Pad("rjust", (missing, _) => missing),
        ["split"] = (text, rendering, arguments) => Split("split", text, rendering, arguments, fromEnd: false),
        ["rsplit"] = (text, rendering, arguments) => Split("rsplit", text, rendering, arguments, fromEnd: true),
        ["splitlines"] = SplitLines,
        ["partition"] = (text, rendering, arguments) => Partition("partition", text, rendering, arguments, fromEnd: false),
        ["rpartition"] = (text, rendering, arguments) => Partition("rpartition", text, rendering, arguments, fromEnd: true),
        ["join"] = Join,
        ["format"] = BraceFormat.Apply,
        ["startswith"] = (text, rendering, arguments) => Begins("startswith", text, rendering, arguments, atEnd: false),
        ["endswith"] = (text, rendering, arguments) => Begins("endswith", text, rendering, arguments, atEnd: true),
        ["find"] = (text, rendering, arguments) => IntegerValue.Of(Search("find", text, rendering, arguments, fromEnd: false)),
        ["rfind"] = (text, rendering, arguments) => IntegerValue.Of(Search("rfind", text, rendering, arguments, fromEnd: true)),
        ["index"] = (text, rendering, arguments) => IntegerValue.Of(Found(Search("index", text, rendering, arguments, fromEnd: false))),
        ["rindex"] = (text, rendering, arguments) => IntegerValue.Of(Found(Search("rindex", text, rendering, arguments, fromEnd: true))),
        ["count"] = Count,
        ["isalnum"] = All(character => IsLetter(character) || IsNumeric(character)),
        ["isalpha"] = All(IsLetter),
        ["isascii"] = (text, _, _) => BooleanValue.Of(Ascii.IsValid(text.Text)),
        ["isdecimal"] = All(character => LetterCase.CategoryOf(character) is UnicodeCategory.DecimalDigitNumber),
        ["isdigit"] = All(character => CharUnicodeInfo.GetDigitValue(character, 0) >= 0),
        ["isnumeric"] = All(IsNumeric),
        ["isspace"] = All(character => PythonText.IsSpace(character[0])),
        ["islower"] = (text, rendering, _) => BooleanValue.Of(LetterCase.AllAreLower(text.Text, rendering.Meter)),
        ["isupper"] = (text, rendering, _) => BooleanValue.Of(LetterCase.AllAreUpper(text.Text, rendering.Meter)),
    };

    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\n\r\v\f\u001C\u001D\u001E\u0085\u2028\u2029");

    private static readonly string[] Unsupported =
    [
        "encode", "format_map", "isidentifier", "isprintable", "istitle", "maketrans", "translate",
    ];

    public static Value? Find(StringValue text, string name)
    {
        if (ByName.TryGetValue(name, out var method))
        {
            return new FunctionValue((rendering, arguments) =>
            {
                rendering.Meter.Scan(text.Text);
                return method(text, rendering, arguments);
            });
        }

        return Unsupported.Contains(name, StringComparer.Ordinal) ? FunctionValue.Unsupported($"the method \"{name}\" of texts") : null;
    }

    /// <summary>Takes white space, or a set of characters, away from the ends.</summary>
    public static StringValue Strip(StringValue text, Value? characters, bool atStart, bool atEnd, Meter meter)
    {
        meter.CreateText(text.Text.Length);
        if (characters is null or NoneValue)
        {
            var stripped = atStart ? PythonText.StripStart(text.Text) : text.Text;
            return text.With(atEnd ? PythonText.StripEnd(stripped) : stripped);
        }

        meter.Read(text.Text);
        meter.CreateItems(TextOf(characters).Length);
        var set = PythonText.CodePoints(TextOf(characters)).ToHashSet(StringComparer.Ordinal);
        var (start, end) = (0, text.Text.Length);
        while (atStart && start < end && set.Contains(text.Text.Substring(start, PythonText.UnitsAt(text.Text, start))))
            start += PythonText.UnitsAt(text.Text, start);
        while (atEnd && end > start && set.Contains(text.Text[(end - PythonText.UnitsBefore(text.Text, end))..end]))
            end -= PythonText.UnitsBefore(text.Text, end);
        return text.With(text.Text[start..end]);
    }

    /// <summary>Replaces parts of a text, at most so many; an empty one stands between all characters.</summary>
    public static StringValue Replace(StringValue text, StringValue old, StringValue replacement, Value? count, Meter meter)
    {
        var most = count is null ? -1 : Number(count);
        most = most < 0 ? int.MaxValue : most;
        meter.Search(text.Text, old.Text);
        var insert = text.IsMarkup ? Html.Escape(replacement, meter).Text : replacement.Text;
        var sink = new TextSink(meter);
        if (old.Text.Length == 0)
        {
            foreach (var character in PythonText.CodePoints(text.Text))
            {
                if (most-- > 0)
                    sink.Write(insert);
                sink.Write(character);
            }

            if (most > 0)
                sink.Write(insert);
            return text.With(sink.ToString());
        }

        var start = 0;
        for (; most > 0 && text.Text.IndexOf(old.Text, start, StringComparison.Ordinal) is var found and >= 0; most--)
        {
            sink.Write(text.Text[start..found]);
            sink.Write(insert);
            start = found + old.Text.Length;
        }

        sink.Write(text.Text[start..]);
        return text.With(sink.ToString());
    }

    /// <summary>The lines of a text, at every kind of line end that Python knows; a last line end opens no line.</summary>
    public static IEnumerable<string> Lines(string text, bool keepsEnds)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = text.AsSpan(start).IndexOfAny(LineEnds) is var found and >= 0
                ? start + found
                : text.Length;
            var next = end == text.Length ? end : text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? end + 2 : end + 1;
            yield return text[start..(keepsEnds ? next : end)];
            start = next;
        }
    }

    private static Func<StringValue, Rendering, Arguments, Value> Map(string name, Func<string, string> map) =>
        (text, rendering, arguments) =>
        {
            arguments.Bind(name);
            rendering.Meter.CreateText(3L * text.Text.Length);
            return text.With(map(text.Text));
        };

    private static Func<StringValue, Rendering, Arguments, Value> Strip(string name, bool atStart, bool atEnd) =>
        (text, rendering, arguments) => Strip(text, arguments.Bind(name, "chars?")[0], atStart, atEnd, rendering.Meter);

    private static Func<StringValue, Rendering, Arguments, Value> Pad(string name, Func<int, int, int> shareBefore) =>
        (text, rendering, arguments) => arguments.Bind(name, "width", "fillchar?") is var bound
            ? Padding.Pad(text, bound[0]!, bound[1], shareBefore, rendering.Meter)
            : text;

    // True where the text is not empty and every code point is of the kind.
    private static Func<StringValue, Rendering, Arguments, Value> All(Func<string, bool> isOfKind) => (text, rendering, _) =>
    {
        rendering.Meter.Read(text.Text);
        return BooleanValue.Of(text.Text.Length > 0 && PythonText.CodePoints(text.Text).All(isOfKind));
    };

    private static StringValue Replace(StringValue text, Rendering rendering, Arguments arguments)
    {
        var bound = arguments.Bind("replace", "old", "new", "count?");
        return Replace(text, Texts(bound[0]!), Texts(bound[1]!), bound[2], rendering.Meter);
    }

    private static StringValue RemovePrefix(StringValue text, Arguments arguments, Meter meter)
    {
        var prefix = TextOf(arguments.Bind("removeprefix", "prefix")[0]!);
        meter.CreateText(text.Text.Length);
        return text.Text.StartsWith(prefix, StringComparison.Ordinal) ? text.With(text.Text[prefix.Length..]) : text;
    }

    private static StringValue RemoveSuffix(StringValue text, Arguments arguments, Meter meter)
    {
        var suffix = TextOf(arguments.Bind("removesuffix", "suffix")[0]!);
        meter.CreateText(text.Text.Length);
        return text.Text.EndsWith(suffix, StringComparison.Ordinal) ? text.With(text.Text[..^suffix.Length]) : text;
    }

    private static StringValue ExpandTabs(StringValue text, Rendering rendering, Arguments arguments)
    {
        var size = arguments.Bind("expandtabs", "tabsize?")[0] is { } width ? Padding.Width(width) : 8;
        var sink = new TextSink(rendering.Meter);
        var column = 0;
        foreach (var character in PythonText.CodePoints(text.Text))
        {
            if (character is "\t")
            {
                var spaces = size == 0 ? 0 : size - (column % size);
                sink.Write(new string(' ', spaces));
                column += spaces;
            }
            else
            {
                sink.Write(character);
                column = character is "\n" or "\r" ? 0 : column + 1;
            }
        }

        return text.With(sink.ToString());
    }

    // Zeros behind the sign.
    private static StringValue FillWithZeros(StringValue text, Rendering rendering, Arguments arguments)
    {
        var width = arguments.Bind("zfill", "width")[0]!;
        var sign = text.Text.Length > 0 && text.Text[0] is '+' or '-' ? text.Text[..1] : "";
        var padded = Padding.Pad(
            text.With(text.Text[sign.Length..]), IntegerValue.Of(Padding.Width(width) - sign.Length), new StringValue("0"),
            (missing, _) => missing, rendering.Meter);
        return text.With(sign + padded.Text);
    }

    private static ListValue Split(string name, StringValue text, Rendering rendering, Arguments arguments, bool fromEnd)
    {
        var bound = arguments.Bind(name, "sep?", "maxsplit?");
        var most = bound[1] is null ? -1 : Number(bound[1]!);
        most = most < 0 ? int.MaxValue : most;
        var parts = new List<Value>();
        var rest = text.Text;
        rendering.Meter.CreateText(rest.Length);
        if (bound[0] is null or NoneValue)
        {
            SplitAtSpace(rest, most, fromEnd, Add);
        }
        else
        {
            var separator = TextOf(bound[0]!);
            if (separator.Length == 0)
                throw new JinjaException($"\"{name}\" cannot split at an empty text.");
            rendering.Meter.Search(rest, separator);
            SplitAt(rest, separator, most, fromEnd, Add);
        }

        if (fromEnd)
            parts.Reverse();
        return new ListValue(parts);

        void Add(string part)
        {
            rendering.Meter.CreateItems(1);
            parts.Add(text.With(part));
        }
    }

    private static void SplitAt(string text, string separator, int most, bool fromEnd, Action<string> add)
    {
        var (start, end) = (0, text.Length);
        for (; most > 0; most--)
        {
            var found = fromEnd
                ? text.AsSpan(0, end).LastIndexOf(separator)
                : text.IndexOf(separator, start, StringComparison.Ordinal);
            if (found < 0)
                break;
            if (fromEnd)
            {
                add(text[(found + separator.Length)..end]);
                end = found;
            }
            else
            {
                add(text[start..found]);
                start = found + separator.Length;
            }
        }

        add(text[start..end]);
    }

    // Runs of white space are one separator, and none stands at the ends.
    private static void SplitAtSpace(string text, int most, bool fromEnd, Action<string> add)
    {
        var (start, end) = (0, text.Length);
        Trim();
        for (; start < end && most > 0; most--)
        {
            var border = fromEnd ? end - 1 : start;
            while (border >= start && border < end && !PythonText.IsSpace(text[border]))
                border += fromEnd ? -1 : 1;
            if (fromEnd)
            {
                add(text[(border + 1)..end]);
                end = border + 1;
            }
            else
            {
                add(text[start..border]);
                start = border;
            }

            Trim();
        }

        // What is left over keeps the white space at its far end.
        if (start < end)
            add(text[(fromEnd ? 0 : start)..(fromEnd ? end : text.Length)]);

        void Trim()
        {
            while (start < end && PythonText.IsSpace(text[start]))
                start++;
            while (end > start && PythonText.IsSpace(text[end - 1]))
                end--;
        }
    }

    private static ListValue SplitLines(StringValue text, Rendering rendering, Arguments arguments)
    {
        var keepsEnds = arguments.Bind("splitlines", "keepends?")[0]?.IsTrue ?? false;
        rendering.Meter.CreateText(text.Text.Length);
        var lines = new List<Value>();
        foreach (var line in Lines(text.Text, keepsEnds))
        {
            rendering.Meter.CreateItems(1);
            lines.Add(text.With(line));
        }

        return new ListValue(lines);
    }

    private static ListValue Partition(string name, StringValue text, Rendering rendering, Arguments arguments, bool fromEnd)
    {
        var separator = TextOf(arguments.Bind(name, "sep")[0]!);
        if (separator.Length == 0)
            throw new JinjaException($"\"{name}\" cannot split at an empty text.");
        rendering.Meter.CreateText(text.Text.Length);
        rendering.Meter.Search(text.Text, separator);
        var found = fromEnd
            ? text.Text.LastIndexOf(separator, StringComparison.Ordinal)
            : text.Text.IndexOf(separator, StringComparison.Ordinal);
        var (before, between, behind) = found >= 0
            ? (text.Text[..found], separator, text.Text[(found + separator.Length)..])
            : fromEnd ? ("", "", text.Text) : (text.Text, "", "");
        return ListValue.Tuple(text.With(before), text.With(between), text.With(behind));
    }

    private static StringValue Join(StringValue text, Rendering rendering, Arguments arguments)
    {
        var sink = new TextSink(rendering.Meter);
        var isFirst = true;
        foreach (var item in rendering.Items(arguments.Bind("join", "iterable")[0]!))
        {
            if (!isFirst)
                sink.Write(text.Text);
            var part = item as StringValue ?? throw item.Unfit("\"join\" takes texts");
            sink.Write(text.IsMarkup ? Html.Escape(part, rendering.Meter).Text : part.Text);
            isFirst = false;
        }

        return text.With(sink.ToString());
    }

    private static BooleanValue Begins(string name, StringValue text, Rendering rendering, Arguments arguments, bool atEnd)
    {
        var bound = arguments.Bind(name, "text", "start?", "end?");
        var part = Part(text.Text, bound[1], bound[2], rendering.Meter).Text;
        IEnumerable<Value> candidates = bound[0] is ListValue { IsTuple: true } several ? several.Entries : [bound[0]!];
        return BooleanValue.Of(part is not null && candidates.Any(candidate => atEnd
            ? part.EndsWith(TextOf(candidate), StringComparison.Ordinal)
            : part.StartsWith(TextOf(candidate), StringComparison.Ordinal)));
    }

    private static int Search(string name, StringValue text, Rendering rendering, Arguments arguments, bool fromEnd)
    {
        var bound = arguments.Bind(name, "sub", "start?", "end?");
        var (part, start) = Part(text.Text, bound[1], bound[2], rendering.Meter);
        if (part is null)
            return -1;
        var wanted = TextOf(bound[0]!);
        rendering.Meter.Search(part, wanted);
        var found = fromEnd ? part.LastIndexOf(wanted, StringComparison.Ordinal) : part.IndexOf(wanted, StringComparison.Ordinal);
        return found < 0 ? -1 : start + PythonText.CodePointAt(part, found);
    }

    private static int Found(int index) => index >= 0 ? index : throw new JinjaException("\"index\" did not find the text.");

    private static IntegerValue Count(StringValue text, Rendering rendering, Arguments arguments)
    {
        var bound = arguments.Bind("count", "sub", "start?", "end?");
        var (part, _) = Part(text.Text, bound[1], bound[2], rendering.Meter);
        var wanted = TextOf(bound[0]!);
        rendering.Meter.Search(text.Text, wanted);
        return IntegerValue.Of(part is null ? 0 : wanted.Length == 0 ? PythonText.Count(part) + 1 : part.AsSpan().Count(wanted));
    }

    // The part of a text that a search looks at, and where it begins; null where the ends are crossed.
    private static (string? Text, int Start) Part(string text, Value? start, Value? end, Meter meter)
    {
        if (start is null or NoneValue && end is null or NoneValue)
            return (text, 0);
        meter.CreateText(text.Length);
        var length = PythonText.Count(text);
        var (from, to) = (Bound(start, 0), Bound(end, length));
        return from > to || from > length ? (null, 0) : (PythonText.Part(text, from, Math.Min(to, length) - from), from);

        int Bound(Value? bound, int absent)
        {
            if (bound is null or NoneValue)
                return absent;
            var number = Number(bound);
            return number < 0 ? Math.Max(0, number + length) : number;
        }
    }

    private static bool IsLetter(string character) => LetterCase.CategoryOf(character) is UnicodeCategory.UppercaseLetter
        or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
        or UnicodeCategory.OtherLetter;

    private static bool IsNumeric(string character) => CharUnicodeInfo.GetNumericValue(character, 0) != -1;

    // Beyond every length a number means the same as the largest one.
    private static int Number(Value value) => (int)BigInteger.Max(-int.MaxValue, BigInteger.Min(
        int.MaxValue, Arithmetic.IntegerOf(value) ?? throw value.Unfit("A whole number is expected")));

    private static StringValue Texts(Value value) => value as StringValue ?? throw value.Unfit("A text is expected");

    private static string TextOf(Value value) => Texts(value).Text;
}
