using Tiebreak.Core;

namespace Tiebreak.Data.Reading.Csv;

/// <summary>Sentences for CSV that cannot be read any further.</summary>
internal static class CsvErrors
{
    /// <summary>The error that stopped a cursor, or null if it came to the end of the block.</summary>
    /// <param name="path">The file.</param>
    /// <param name="block">The block whose text the cursor walked over.</param>
    /// <param name="cursor">The cursor, stopped.</param>
    public static InputException? Explain(string path, Block block, CsvCursor cursor) => cursor.Fault switch
    {
        CsvFault.None => null,
        CsvFault.TooLarge => TooLarge(path, block, cursor),
        CsvFault.QuoteInUnquotedField => new InputException(
            $"{path}, {block.Place(cursor.FaultOffset)}: a quote inside a field that does not begin with one. "
            + "Put the whole field into quotes and double the quotes in it."),
        CsvFault.TextAfterQuote => new InputException(
            $"{path}, {block.Place(cursor.FaultOffset)}: text follows the closing quote of the field that begins at "
            + $"{block.Place(cursor.FaultField)}. A quote inside a field must be doubled, and only a comma or line end "
            + "may follow a closing one."),
        _ => new InputException(
            $"{path}, {block.Place(cursor.FaultOffset)}: the quote that opens here is never closed. "
            + "Close it; the file may also be cut off."),
    };

    // A row that is too large is most often one whose quote nobody closed, so say where it opened.
    private static InputException TooLarge(string path, Block block, CsvCursor stopped)
    {
        var size = ByteSize.Format(stopped.MaxRecordBytes);
        var beginning = new CsvCursor(
            block.Text.Slice(stopped.RecordStart, stopped.MaxRecordBytes), stopped.RecordLine, stopped.MaxRecordBytes, stopped.Separator);
        beginning.Next([], out _);
        return new InputException(beginning.Fault == CsvFault.UnclosedQuote
            ? $"{path}, {block.Place(stopped.RecordStart + beginning.FaultOffset)}: the quote that opens here is not closed within {size}. "
                + "Close it, or allow larger rows."
            : $"{path}, line {stopped.RecordLine}: the row that starts here is larger than {size}. "
                + "Check the line ends of the file, or allow larger rows.");
    }
}
