using System.Text;
using System.Text.Json;
using Tiebreak.Core.Json;
using Tiebreak.Data.Layouts;
using Tiebreak.Data.Reading;
using Tiebreak.Data.Reading.Json;

namespace Tiebreak.Data.Votes;

/// <summary>Parses blocks of votes as JSON objects, on many threads at once.</summary>
/// <param name="file">The file.</param>
/// <param name="kept">Further keys whose values are kept as texts.</param>
internal sealed class VoteJsonParser(FileReading file, string[] kept)
{
    public VoteBlock Parse(Block block)
    {
        var votes = new VoteBlock(kept.Length, rows: 0);
        var room = new int[kept.Length];
        var records = new JsonRecords(block, file.Options.MaxRecordBytes);
        while (records.Next())
        {
            if (records.IsTooLarge)
            {
                votes.Error = records.TooLarge(file.Path);
                return votes;
            }

            if (file.Filter is { } filter && !filter.Keeps(records.Current))
                continue;

            var row = new VoteRowReader(file, votes, room);
            try
            {
                Read(records.Current, ref row);
            }
            catch (JsonException exception)
            {
                row.Report($"is not valid JSON: {exception.Message.Split(" LineNumber", 2)[0].TrimEnd('.')}");
            }

            row.Finish(records.Line);
        }

        return votes;
    }

    private void Read(ReadOnlySpan<byte> json, ref VoteRowReader row)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            row.Report("is not a JSON object");
            return;
        }

        var seen = 0; // a bit for each column that says who won
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonText.Read(ref reader);
            var (column, place) = (VoteColumns.Of(file.Columns[name]), Array.IndexOf(kept, name));
            if (column is VoteColumn.ModelA or VoteColumn.ModelB or VoteColumn.Winner or VoteColumn.Weight)
            {
                if ((seen & (1 << (int)column)) != 0)
                    row.Report($"has \"{name}\" twice");
                seen |= 1 << (int)column;
            }

            reader.Read();
            if (file.Columns.IsEntered(name))
                TakeWithin(reader, name, ref row);
            if ((column == VoteColumn.Other && place < 0) || reader.TokenType == JsonTokenType.Null)
                reader.Skip();
            else if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
                TakeAsWritten(json, ref reader, name, column, place, ref row);
            else
                Take(reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(JsonText.Read(ref reader)) : reader.ValueSpan, column, place, ref row);
        }

        if (reader.Read())
            row.Report("has text after the JSON object");
    }

    /// <summary>Takes the values that paths lead to within a key; the reader stays where it is.</summary>
    private void TakeWithin(Utf8JsonReader reader, string key, ref VoteRowReader row)
    {
        var entered = JsonValue.Read(ref reader);
        foreach (var path in file.Columns.Paths)
        {
            if (string.Equals(path.Column, key, StringComparison.Ordinal))
                row.Take(path, entered);
        }
    }

    private static void Take(ReadOnlySpan<byte> cell, VoteColumn column, int place, ref VoteRowReader row)
    {
        row.Take(column, cell);
        if (place >= 0)
            row.Keep(place, cell);
    }

    // A list or an object is a value like any other where it only tells votes apart.
    private static void TakeAsWritten(
        ReadOnlySpan<byte> json, ref Utf8JsonReader reader, string name, VoteColumn column, int place, ref VoteRowReader row)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        if (column is VoteColumn.Other or VoteColumn.Judge)
            Take(json[start..(int)reader.BytesConsumed], column, place, ref row);
        else
            row.Report($"has a {name} that is neither a text nor a number");
    }
}
