using System.Text;
using CsCheck;
using Tiebreak.Data.Reading.Csv;

namespace Tiebreak.Data.Tests.Reading;

/// <summary>Whatever is written as CSV is cut into the same fields again, wherever they begin and however long they are.</summary>
public sealed class CsvCursorTests
{
    private const string Marks = ",;\t|\"\n\r";

    private static readonly Gen<string> Field = Gen.OneOf(
        Gen.String[Gen.Char['a', 'z'], 0, 3], Gen.String[Gen.Char[$"xé {Marks}"], 0, 90]);

    [Fact]
    public void Fields_that_were_written_are_found_again() =>
        Gen.Select(Field.Array[1, 9].Array[1, 12], Gen.Char[Marks[..4]], Gen.Int[0, 2], Gen.Bool, Gen.Bool)
            .Sample((rows, separator, end, quotesAll, endsWithLine) =>
            {
                string lineEnd = end == 0 ? "\n" : end == 1 ? "\r\n" : "\r";
                var lines = rows.Select(row => string.Join(separator, row.Select(field => Write(field, quotesAll || row.Length == 1))));
                var text = Encoding.UTF8.GetBytes(string.Join(lineEnd, lines) + (endsWithLine ? lineEnd : ""));

                Assert.Equal(rows, Read(text, (byte)separator));
            });

    private static string Write(string field, bool quotes) => quotes || field.Any(Marks.Contains)
        ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : field;

    private static string[][] Read(byte[] text, byte separator)
    {
        var rows = new List<string[]>();
        var cursor = new CsvCursor(text, line: 1, maxRecordBytes: text.Length, separator);
        var fields = new CsvField[16];
        while (cursor.Next(fields, out var count))
            rows.Add([.. fields[..count].Select(field => field.Text(text))]);
        Assert.Equal(text.Length, cursor.Position);
        return [.. rows];
    }
}
