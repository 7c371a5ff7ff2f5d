using System.Text;
using System.Text.Json;
using Tiebreak.Core;

namespace Tiebreak.Data.Reading;

/// <summary>Recognises a file by its first bytes: what can be read, and what cannot with the way out.</summary>
internal static class FileHead
{
    /// <summary>So many bytes are enough to tell.</summary>
    public const int Bytes = 512;

    public static bool IsGzip(ReadOnlySpan<byte> head) => head.StartsWith<byte>([0x1F, 0x8B]);

    public static bool IsZstandard(ReadOnlySpan<byte> head) => head.StartsWith<byte>([0x28, 0xB5, 0x2F, 0xFD]) || IsSkippableFrame(head);

    // Written in front of the data by tools that add an index.
    private static bool IsSkippableFrame(ReadOnlySpan<byte> head) =>
        head.Length > 3 && (head[0] & 0xF0) == 0x50 && head[1..4].SequenceEqual<byte>([0x2A, 0x4D, 0x18]);

    public static bool HasByteOrderMark(ReadOnlySpan<byte> head) => head.StartsWith<byte>([0xEF, 0xBB, 0xBF]);

    /// <summary>How UTF-16 with a byte order mark is encoded, as some spreadsheets write it; null for anything else.</summary>
    public static Encoding? Utf16(ReadOnlySpan<byte> head) =>
        head.StartsWith<byte>([0xFF, 0xFE]) ? Encoding.Unicode : head.StartsWith<byte>([0xFE, 0xFF]) ? Encoding.BigEndianUnicode : null;

    /// <summary>What begins with these bytes.</summary>
    /// <exception cref="InputException">It is no text that Tiebreak reads; the message says what it looks like and what to do.</exception>
    public static TextKind Recognise(string path, ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty)
            throw new InputException($"{path} is empty. It was perhaps not written or downloaded completely; fetch it again.");
        if (head.StartsWith("PAR1"u8))
            return TextKind.Parquet;
        if (Foreign(head) is { } foreign)
            throw new InputException($"{path} {foreign}");

        var text = (HasByteOrderMark(head) ? head[3..] : head).TrimStart(" \t\r\n"u8);
        return text.StartsWith("{"u8) ? TextKind.Jsonl : text.StartsWith("["u8) ? TextKind.JsonList : TextKind.Csv;
    }

    private static string? Foreign(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("PK\u0003\u0004"u8))
        {
            return IsWorkbook(head)
                ? "is a workbook of a spreadsheet program (Excel, LibreOffice). Save its sheet as \"CSV UTF-8\" and name that file."
                : "is a zip archive. Unpack it and name the file inside.";
        }

        if (head.StartsWith("BZh"u8) || head.StartsWith<byte>([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z']))
            return "is compressed with bzip2 or xz. Decompress it first, or compress it with gzip.";
        if (IsGzip(head) || IsZstandard(head))
            return "is compressed twice. Decompress it once (gunzip, zstd -d).";
        if (head.StartsWith("version https://git-lfs"u8))
            return "is a Git LFS pointer, not the data. Fetch the data with git lfs pull.";
        if (head.Contains((byte)0))
            return "is not a text file. Tiebreak reads CSV and JSON, plain or as .gz or .zst, and Parquet.";

        var text = (HasByteOrderMark(head) ? head[3..] : head).TrimStart(" \t\r\n"u8);
        if (IsDataFrame(text))
        {
            return "is a data frame written column by column (to_json without orient). Write it row by row: "
                + "to_json(path, orient=\"records\", lines=True).";
        }

        if (IsObjectOverLines(text))
        {
            return "is a JSON object over several lines, where a list of rows or a row a line is expected. If its rows stand in lists "
                + "under its keys, jq -c '.[][]' writes them one a line; if it is one row after another, jq -c . does.";
        }

        if (text.StartsWith("<"u8))
            return "looks like an HTML or XML page, not like data. The download was perhaps a login page; fetch the file again.";
        return null;
    }

    // The first entry of a zip archive tells: a list of types in xlsx, the kind of document in ods.
    private static bool IsWorkbook(ReadOnlySpan<byte> head) => head.IndexOf("[Content_Types].xml"u8) > 0 || head.IndexOf("xl/"u8) > 0
        || head.IndexOf("opendocument.spreadsheet"u8) > 0;

    private static bool IsObjectOverLines(ReadOnlySpan<byte> text) =>
        text.StartsWith("{"u8) && text[1..].TrimStart(" \t"u8) is [(byte)'\r' or (byte)'\n', ..];

    /// <summary>
    /// True for what a data frame writes by default, {"id":{"0":1,"1":2 ...: the values of a column by row; or {"columns":["id" ....
    /// </summary>
    private static bool IsDataFrame(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, isFinalBlock: false, state: default);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject
                || !reader.Read() || reader.TokenType != JsonTokenType.PropertyName)
            {
                return false;
            }

            var isHeader = reader.ValueSpan.SequenceEqual("columns"u8);
            return reader.Read() && reader.TokenType switch
            {
                JsonTokenType.StartObject => reader.Read() && reader.TokenType == JsonTokenType.PropertyName
                    && !reader.ValueSpan.ContainsAnyExceptInRange((byte)'0', (byte)'9'),
                JsonTokenType.StartArray => isHeader && reader.Read() && reader.TokenType == JsonTokenType.String,
                _ => false,
            };
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
