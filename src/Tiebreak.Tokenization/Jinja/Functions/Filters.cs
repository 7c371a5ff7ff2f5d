using Tiebreak.Tokenization.Jinja.Evaluation;
using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Functions;

/// <summary>Jinja's filters, by name.</summary>
internal static class Filters
{
    private static readonly Dictionary<string, Filter> ByName = new(StringComparer.Ordinal)
    {
        ["abs"] = NumberFilters.Abs,
        ["attr"] = SequenceFilters.Attribute,
        ["batch"] = SequenceFilters.Batch,
        ["capitalize"] = TextFilters.Capitalize,
        ["center"] = TextFilters.Center,
        ["count"] = SequenceFilters.Length,
        ["d"] = SequenceFilters.Default,
        ["default"] = SequenceFilters.Default,
        ["dictsort"] = SequenceFilters.SortDictionary,
        ["e"] = TextFilters.Escape,
        ["escape"] = TextFilters.Escape,
        ["filesizeformat"] = NumberFilters.FileSize,
        ["first"] = SequenceFilters.First,
        ["float"] = NumberFilters.Float,
        ["forceescape"] = TextFilters.ForceEscape,
        ["format"] = TextFilters.Format,
        ["groupby"] = SequenceFilters.GroupBy,
        ["indent"] = TextFilters.Indent,
        ["int"] = NumberFilters.Integer,
        ["items"] = SequenceFilters.Pairs,
        ["join"] = TextFilters.Join,
        ["last"] = SequenceFilters.Last,
        ["length"] = SequenceFilters.Length,
        ["list"] = SequenceFilters.List,
        ["lower"] = TextFilters.Lower,
        ["map"] = SelectionFilters.Map,
        ["max"] = SequenceFilters.Max,
        ["min"] = SequenceFilters.Min,
        ["reject"] = SelectionFilters.Reject,
        ["rejectattr"] = SelectionFilters.RejectByAttribute,
        ["replace"] = TextFilters.Replace,
        ["reverse"] = SequenceFilters.Reverse,
        ["round"] = NumberFilters.Round,
        ["safe"] = TextFilters.Safe,
        ["select"] = SelectionFilters.Select,
        ["selectattr"] = SelectionFilters.SelectByAttribute,
        ["slice"] = SequenceFilters.Slice,
        ["sort"] = SequenceFilters.Sort,
        ["string"] = TextFilters.String,
        ["sum"] = NumberFilters.Sum,
        ["title"] = TextFilters.Title,
        ["tojson"] = JsonText.Write,
        ["trim"] = TextFilters.Trim,
        ["truncate"] = TextFilters.Truncate,
        ["unique"] = SequenceFilters.Unique,
        ["upper"] = TextFilters.Upper,
        ["urlencode"] = TextFilters.EncodeUrl,
        ["wordcount"] = TextFilters.CountWords,
        ["xmlattr"] = TextFilters.XmlAttributes,
        ["pprint"] = Unsupported("pprint"),
        ["random"] = Unsupported("random"),
        ["striptags"] = Unsupported("striptags"),
        ["urlize"] = Unsupported("urlize"),
        ["wordwrap"] = Unsupported("wordwrap"),
    };

    public static Filter? Find(string name) => ByName.GetValueOrDefault(name);

    public static JinjaException Missing(string name) => new($"There is no filter \"{name}\".");

    private static Filter Unsupported(string name) => (_, _, _) => throw JinjaException.Unsupported($"the filter \"{name}\"");
}

/// <summary>A filter, as in <c>x | trim</c>.</summary>
internal delegate Value Filter(Rendering rendering, Value value, Arguments arguments);
