using Tiebreak.Data.Reading;
using Tiebreak.Data.Reading.Json;

namespace Tiebreak.Data.Layouts;

/// <summary>The columns of the rows of a JSON file: the property names of each, up to the first byte of it that is not JSON.</summary>
internal static class JsonColumns
{
    /// <summary>Adds the names of the rows of a block, until there are as many as wanted.</summary>
    public static void Add(Block block, int maxRecordBytes, int wanted, List<HashSet<string>> rows)
    {
        var records = new JsonRecords(block, maxRecordBytes);
        while (rows.Count < wanted && records.Next() && !records.IsTooLarge)
            rows.Add(JsonKeys.Of(records.Current).ToHashSet(StringComparer.Ordinal));
    }
}
