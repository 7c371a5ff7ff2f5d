using System.Text;
using System.Text.Json;
using Tiebreak.Core.Json;
using Tiebreak.Data.Reading;
using Tiebreak.Data.Reading.Json;

namespace Tiebreak.Data.Votes;

/// <summary>Parses blocks of votes as JSON objects, on many threads at once.</summary>
/// <param name="path">The file.</param>
/// <param name="kept">Further keys whose values are kept as texts.</param>
/// <param name="maxRecordBytes">The largest row.</param>
internal sealed class VoteJsonParser(string path, string[] kept, int maxRecordBytes)
{
    public VoteBlock Parse(Block block)
    {
        var votes = new VoteBlock(kept.Length, rows: 0);
        var room = new int[kept.Length];
        var records = new JsonRecords(block, maxRecordBytes);
        while (records.Next())
        {
            if (records.IsTooLarge)
            {
                votes.Error = records.TooLarge(path);
                return votes;
            }

            var row = new VoteRowReader(votes, room);
            try
            {
                Read(records.Current, ref row);
            }
            catch (JsonException exception)
            {
                row.Report($"is not valid JSON: {exception.Message.Split(" LineNumber", 2)[0].TrimEnd('.')}");
            }

            row.Finish(path, records.Line);
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
            var (column, place) = (VoteColumns.Of(name), Array.IndexOf(kept, name));
            if (column is VoteColumn.ModelA or VoteColumn.ModelB or VoteColumn.Winner or VoteColumn.Weight)
            {
                if ((seen & (1 << (int)column)) != 0)
                    row.Report($"has \"{name}\" twice");
                seen |= 1 << (int)column;
            }

            reader.Read();
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
