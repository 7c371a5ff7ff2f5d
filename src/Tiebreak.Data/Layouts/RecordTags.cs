namespace Tiebreak.Data.Layouts;

/// <summary>The tags of a row: what its source files it under.</summary>
internal static class RecordTags
{
    /// <summary>
    /// The tags in some columns: a text is one tag and a list several; a truth value that is true gives the name that it stands under, in
    /// objects at any depth (the Arena's <c>category_tag: {math_v0.1: {math: true}}</c> is "math").
    /// </summary>
    public static IReadOnlyList<string> Of(Record record, params ReadOnlySpan<string> names)
    {
        var tags = new List<string>();
        foreach (var name in names)
            Add(name, record[name], tags);
        return tags;
    }

    private static void Add(string name, object? value, List<string> tags)
    {
        switch (value)
        {
            case true:
                tags.Add(name);
                break;
            case string { Length: > 0 } text:
                tags.Add(text);
                break;
            case List<object?> items:
                tags.AddRange(items.OfType<string>().Where(item => item.Length > 0));
                break;
            case Dictionary<string, object?> values:
                foreach (var (key, inner) in values)
                {
                    if (inner is bool or Dictionary<string, object?>)
                        Add(key, inner, tags);
                }

                break;
        }
    }
}
