using Tiebreak.Core;
using Tiebreak.Data.Layouts;

namespace Tiebreak.Data.Reading.Json;

/// <summary>The first rows of a JSON file, which tell what its keys are, and the blocks that were read for them.</summary>
internal sealed class JsonHead
{
    // Enough to outvote rows that are broken or came from somewhere else.
    private const int RowsThatTell = 20;

    private readonly Queue<Block> _seen = new();
    private readonly InputException? _fault;
    private readonly Func<Block?> _next;

    /// <param name="next">Reads the next block, or null at the end.</param>
    /// <param name="maxRecordBytes">The largest record.</param>
    public JsonHead(Func<Block?> next, int maxRecordBytes)
    {
        _next = next;
        try
        {
            while (Rows.Count < RowsThatTell && next() is { } block)
            {
                JsonKeys.AddRows(block, maxRecordBytes, RowsThatTell, Rows);
                _seen.Enqueue(block);
            }
        }
        catch (InputException exception)
        {
            _fault = exception;
        }
    }

    /// <summary>The keys of each of the first rows.</summary>
    public List<JsonKeys> Rows { get; } = [];

    /// <summary>All keys of these rows, each once.</summary>
    public List<string> Keys => [.. Rows.SelectMany(row => row.Keys).Distinct(StringComparer.Ordinal)];

    /// <summary>The values of the first row that is whole; null where none is.</summary>
    public Dictionary<string, object?>? Example(int maxRecordBytes)
    {
        foreach (var block in _seen)
        {
            var records = new JsonRecords(block, maxRecordBytes);
            while (records.Next() && !records.IsTooLarge)
            {
                if (JsonValue.TryRead(records.Current, out var value) && value is Dictionary<string, object?> row)
                    return row;
            }
        }

        return null;
    }

    /// <summary>Every block of the file from the first on; an error behind the first rows is thrown when it is their turn.</summary>
    public Block? Next() => _seen.TryDequeue(out var block) ? block : _fault is null ? _next() : throw _fault;
}
