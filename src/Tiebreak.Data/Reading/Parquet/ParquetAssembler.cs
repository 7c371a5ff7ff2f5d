using Parquet.Schema;

namespace Tiebreak.Data.Reading.Parquet;

/// <summary>Puts the leaf columns of a field together to one value per row: texts, numbers, lists and objects.</summary>
internal sealed class ParquetAssembler
{
    private readonly Field _field;
    private readonly IReadOnlyDictionary<DataField, ParquetColumn> _columns;

    /// <param name="field">The field.</param>
    /// <param name="columns">Its leaves, among others.</param>
    public ParquetAssembler(Field field, IReadOnlyDictionary<DataField, ParquetColumn> columns)
    {
        (_field, _columns) = (field, columns);
    }

    /// <summary>The leaves of a field.</summary>
    /// <exception cref="NotSupportedException">It is built in a way that no layout knows.</exception>
    public static IEnumerable<DataField> Leaves(Field field) => field switch
    {
        DataField { IsArray: false } leaf => [leaf],
        StructField group => group.Fields.SelectMany(Leaves),
        ListField list => Leaves(list.Item),
        MapField => throw new NotSupportedException($"{field.Name} is a map"),
        _ => throw new NotSupportedException($"{field.Name} repeats without being a list"),
    };

    /// <summary>The value of the next row.</summary>
    public object? Next() => Read(_field);

    private object? Read(Field field) => field switch
    {
        DataField leaf => _columns[leaf].Take(),
        StructField group => ReadStruct(group),
        _ => ReadList((ListField)field),
    };

    private Dictionary<string, object?>? ReadStruct(StructField group)
    {
        if (First(group).Definition < group.MaxDefinitionLevel)
        {
            Skip(group);
            return null;
        }

        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var field in group.Fields)
            values[field.Name] = Read(field);
        return values;
    }

    private List<object?>? ReadList(ListField list)
    {
        // Defined so deep, the list has an element; one less, it is there and empty. Its element may be a list again.
        var first = First(list);
        if (first.Definition < list.MaxDefinitionLevel)
        {
            var isEmpty = first.Definition == list.MaxDefinitionLevel - 1;
            Skip(list);
            return isEmpty ? [] : null;
        }

        var items = new List<object?>();
        do
            items.Add(Read(list.Item));
        while (first.Repetition == list.MaxRepetitionLevel);
        return items;
    }

    private ParquetColumn First(Field field) => _columns[Leaves(field).First()];

    private void Skip(Field field)
    {
        foreach (var leaf in Leaves(field))
            _columns[leaf].Take();
    }
}
