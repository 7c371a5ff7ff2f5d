using System.Globalization;

namespace Tiebreak.Data.Reading.Parquet;

/// <summary>
/// The structs of a Parquet file's footer and page headers, and the types of their fields, by number (apache/parquet-format,
/// parquet.thrift, 2.13). What encrypts a file is left out: such files are not read.
/// </summary>
internal static class ThriftStructs
{
    private static readonly Dictionary<string, Dictionary<int, string>> All = new(StringComparer.Ordinal)
    {
        ["FileMetaData"] = Fields("1:i32 2:[SchemaElement] 3:i64 4:[RowGroup] 5:[KeyValue] 6:binary 7:[ColumnOrder]"),
        ["SchemaElement"] = Fields("1:i32 2:i32 3:i32 4:binary 5:i32 6:i32 7:i32 8:i32 9:i32 10:LogicalType"),
        ["LogicalType"] = Fields("1:Empty 2:Empty 3:Empty 4:Empty 5:DecimalType 6:Empty 7:TimeType 8:TimeType 10:IntType 11:Empty 12:Empty "
            + "13:Empty 14:Empty 15:Empty 16:VariantType 17:GeometryType 18:GeographyType"),
        ["DecimalType"] = Fields("1:i32 2:i32"),
        ["TimeType"] = Fields("1:bool 2:TimeUnit"),
        ["TimeUnit"] = Fields("1:Empty 2:Empty 3:Empty"),
        ["IntType"] = Fields("1:byte 2:bool"),
        ["VariantType"] = Fields("1:byte"),
        ["GeometryType"] = Fields("1:binary"),
        ["GeographyType"] = Fields("1:binary 2:i32"),
        ["RowGroup"] = Fields("1:[ColumnChunk] 2:i64 3:i64 4:[SortingColumn] 5:i64 6:i64 7:i16"),
        ["ColumnChunk"] = Fields("1:binary 2:i64 3:ColumnMetaData 4:i64 5:i32 6:i64 7:i32"),
        ["ColumnMetaData"] = Fields("1:i32 2:[i32] 3:[binary] 4:i32 5:i64 6:i64 7:i64 8:[KeyValue] 9:i64 10:i64 11:i64 12:Statistics "
            + "13:[PageEncodingStats] 14:i64 15:i32 16:SizeStatistics 17:GeospatialStatistics"),
        ["Statistics"] = Fields("1:binary 2:binary 3:i64 4:i64 5:binary 6:binary 7:bool 8:bool 9:i64"),
        ["PageEncodingStats"] = Fields("1:i32 2:i32 3:i32"),
        ["SizeStatistics"] = Fields("1:i64 2:[i64] 3:[i64]"),
        ["GeospatialStatistics"] = Fields("1:BoundingBox 2:[i32]"),
        ["BoundingBox"] = Fields("1:double 2:double 3:double 4:double 5:double 6:double 7:double 8:double"),
        ["SortingColumn"] = Fields("1:i32 2:bool 3:bool"),
        ["KeyValue"] = Fields("1:binary 2:binary"),
        ["ColumnOrder"] = Fields("1:Empty 2:Empty"),
        ["PageHeader"] = Fields("1:i32 2:i32 3:i32 4:i32 5:DataPageHeader 6:Empty 7:DictionaryPageHeader 8:DataPageHeaderV2"),
        ["DataPageHeader"] = Fields("1:i32 2:i32 3:i32 4:i32 5:Statistics"),
        ["DictionaryPageHeader"] = Fields("1:i32 2:i32 3:bool"),
        ["DataPageHeaderV2"] = Fields("1:i32 2:i32 3:i32 4:i32 5:i32 6:i32 7:bool 8:Statistics"),
        ["Empty"] = [],
    };

    /// <summary>
    /// The type of a field: a Thrift type, the name of a struct, or one of them in brackets for a list. Null where the struct has no such
    /// field.
    /// </summary>
    public static string? TypeOf(string structName, int field) => All[structName].GetValueOrDefault(field);

    private static Dictionary<int, string> Fields(string text) =>
        text.Split(' ').Select(field => field.Split(':'))
            .ToDictionary(field => int.Parse(field[0], CultureInfo.InvariantCulture), field => field[1]);
}
