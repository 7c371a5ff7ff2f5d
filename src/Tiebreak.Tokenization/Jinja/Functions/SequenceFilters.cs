using Tiebreak.Tokenization.Jinja.Evaluation;
using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Functions;

/// <summary>Filters for lists, dictionaries and whatever else has items.</summary>
internal static class SequenceFilters
{
    /// <summary>An attribute only: keys of dictionaries are not looked at.</summary>
    public static Value Attribute(Rendering rendering, Value value, Arguments arguments)
    {
        var name = rendering.TextOf(arguments.Bind("attr", "name")[0]!);
        return value.Attribute(name) ?? new UndefinedValue($"A value of type {value.TypeName} has no attribute \"{name}\".");
    }

    public static Value Length(Rendering rendering, Value value, Arguments arguments)
    {
        arguments.Bind("length");
        rendering.Meter.Scan((value as StringValue)?.Text ?? "");
        return IntegerValue.Of(value.Length ?? throw new JinjaException($"A value of type {value.TypeName} has no length."));
    }

    public static Value Default(Rendering rendering, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("default", "default_value?", "boolean?");
        return value is UndefinedValue || (bound[1] is { IsTrue: true } && !value.IsTrue) ? bound[0] ?? StringValue.Empty : value;
    }

    public static Value List(Rendering rendering, Value value, Arguments arguments)
    {
        arguments.Bind("list");
        return new ListValue(rendering.List(value));
    }

    public static Value First(Rendering rendering, Value value, Arguments arguments)
    {
        arguments.Bind("first");
        return rendering.Items(value).FirstOrDefault() ?? Empty("first");
    }

    public static Value Last(Rendering rendering, Value value, Arguments arguments)
    {
        arguments.Bind("last");
        return Reversible(value)
            ? rendering.Items(value).LastOrDefault() ?? Empty("last")
            : throw new JinjaException($"A value of type {value.TypeName} cannot be read backwards; make a list of it first.");
    }

    public static Value Reverse(Rendering rendering, Value value, Arguments arguments)
    {
        arguments.Bind("reverse");
        if (value is StringValue text)
        {
            rendering.Meter.CreateItems(text.Text.Length);
            return new StringValue(string.Concat(PythonText.CodePoints(text.Text).Reverse()));
        }

        var items = rendering.List(value);
        items.Reverse();
        return Reversible(value) ? new IteratorValue(items) : new ListValue(items);
    }

    /// <summary>Pairs of key and value.</summary>
    public static Value Pairs(Rendering rendering, Value value, Arguments arguments)
    {
        arguments.Bind("items");
        return value switch
        {
            UndefinedValue => new IteratorValue([]),
            DictValue dictionary => new IteratorValue(dictionary.Pairs(rendering.Meter)),
            _ => throw value.Unfit("\"items\" takes a dictionary"),
        };
    }

    public static Value SortDictionary(Rendering rendering, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("dictsort", "case_sensitive?", "by?", "reverse?");
        var index = bound[1] is null ? 0 : Array.IndexOf(["key", "value"], rendering.TextOf(bound[1]!));
        if (index < 0)
            throw new JinjaException("\"dictsort\" sorts by key or by value.");
        var dictionary = value as DictValue ?? throw value.Unfit("\"dictsort\" takes a dictionary");
        var keepsCase = bound[0]?.IsTrue ?? false;
        return new ListValue(Sorting.Sort(
            [.. dictionary.Pairs(rendering.Meter)],
            pair => KeyOf(((ListValue)pair).Entries[index], keepsCase, rendering),
            bound[2]?.IsTrue ?? false, rendering.Meter));
    }

    /// <summary>Sorted; by several attributes where there are commas.</summary>
    public static Value Sort(Rendering rendering, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("sort", "reverse?", "case_sensitive?", "attribute?");
        var paths = AttributePath.AllOf(bound[2]);
        var keepsCase = bound[1]?.IsTrue ?? false;
        return new ListValue(Sorting.Sort(
            rendering.List(value),
            item => new ListValue([.. paths.Select(path => KeyOf(path.Get(rendering, item), keepsCase, rendering))]),
            bound[0]?.IsTrue ?? false, rendering.Meter));
    }

    public static Value Unique(Rendering rendering, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("unique", "case_sensitive?", "attribute?");
        var (path, keepsCase) = (AttributePath.Of(bound[1]), bound[0]?.IsTrue ?? false);
        var seen = new HashSet<Value>(new KeyComparer(rendering.Meter));
        return new IteratorValue(rendering.Items(value).Where(item => seen.Add(KeyOf(path.Get(rendering, item), keepsCase, rendering))));
    }

    public static Value Min(Rendering rendering, Value value, Arguments arguments) => Extreme("min", -1, rendering, value, arguments);

    public static Value Max(Rendering rendering, Value value, Arguments arguments) => Extreme("max", 1, rendering, value, arguments);

    /// <summary>Groups of items that have an attribute in common, sorted by it.</summary>
    public static Value GroupBy(Rendering rendering, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("groupby", "attribute", "default?", "case_sensitive?");
        var (path, keepsCase) = (AttributePath.Of(bound[0]), bound[2]?.IsTrue ?? false);
        var sorted = Sorting.Sort(rendering.List(value), KeyOfItem, isDescending: false, rendering.Meter);
        var groups = new List<List<Value>>();
        foreach (var item in sorted)
        {
            if (groups.Count == 0 || !Comparison.AreEqual(KeyOfItem(groups[^1][0]), KeyOfItem(item), rendering.Meter))
                groups.Add([]);
            groups[^1].Add(item);
        }

        return new ListValue(
            [.. groups.Select(group => new GroupValue(path.Get(rendering, group[0], bound[1]), new ListValue(group)))]);

        Value KeyOfItem(Value item) => KeyOf(path.Get(rendering, item, bound[1]), keepsCase, rendering);
    }

    /// <summary>Lists of so many items; the last is filled up where something to fill it with is given.</summary>
    public static Value Batch(Rendering rendering, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("batch", "linecount", "fill_with?");
        var size = Math.Max(1, Padding.Width(bound[0]!));
        return new IteratorValue(rendering.Items(value).Chunk(size).Select(items =>
        {
            var missing = bound[1] is null or NoneValue ? 0 : size - items.Length;
            rendering.Meter.CreateItems(items.Length + missing);
            return new ListValue([.. items, .. Enumerable.Repeat(bound[1]!, missing)]);
        }));
    }

    /// <summary>So many lists of about the same length; shorter ones are filled up where there is something to fill them with.</summary>
    public static Value Slice(Rendering rendering, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("slice", "slices", "fill_with?");
        var (items, count) = (rendering.List(value), Padding.Width(bound[0]!));
        if (count == 0)
            throw new JinjaException("\"slice\" needs at least one slice.");
        var (size, longer) = Math.DivRem(items.Count, count);
        return new IteratorValue(Enumerable.Range(0, count).Select(index =>
        {
            var slice = items.GetRange((index * size) + Math.Min(index, longer), size + (index < longer ? 1 : 0));
            rendering.Meter.CreateItems(slice.Count + 1);
            if (index >= longer && bound[1] is not (null or NoneValue))
                slice.Add(bound[1]!);
            return new ListValue(slice);
        }));
    }

    private static Value Extreme(string filter, int sign, Rendering rendering, Value value, Arguments arguments)
    {
        var bound = arguments.Bind(filter, "case_sensitive?", "attribute?");
        var (path, keepsCase) = (AttributePath.Of(bound[1]), bound[0]?.IsTrue ?? false);
        Value? best = null, bestKey = null;
        foreach (var item in rendering.Items(value))
        {
            var key = KeyOf(path.Get(rendering, item), keepsCase, rendering);
            if (bestKey is null || Comparison.Compare(key, bestKey, rendering.Meter) * sign > 0)
                (best, bestKey) = (item, key);
        }

        return best ?? Empty(filter);
    }

    private static Value KeyOf(Value value, bool keepsCase, Rendering rendering) =>
        keepsCase ? value : Sorting.IgnoreCase(value, rendering.Meter);

    private static bool Reversible(Value value) => value is not IteratorValue && value.Length is not null;

    private static UndefinedValue Empty(string filter) => new($"\"{filter}\" found no item.");
}
