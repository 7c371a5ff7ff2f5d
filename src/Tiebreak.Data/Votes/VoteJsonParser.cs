using System.Text;
using System.Text.Json;
using Tiebreak.Core.Json;
using Tiebreak.Data.Input;
using Tiebreak.Data.Json;

namespace Tiebreak.Data.Votes;

/// <summary>Parses blocks of votes as JSON objects, on many threads at once.</summary>
internal sealed class VoteJsonParser(string path, int maxRecordBytes)
{
    public VoteBlock Parse(Block block)
    {
        var votes = new VoteBlock();
        var records = new JsonRecords(block, maxRecordBytes);
        while (records.Next())
        {
            if (records.IsTooLarge)
            {
                votes.Error = records.TooLarge(path);
                return votes;
            }

            var row = new VoteRowReader(votes);
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

    private static void Read(ReadOnlySpan<byte> json, ref VoteRowReader row)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            row.Report("is not a JSON object");
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var column = VoteColumns.Of(JsonText.Read(ref reader));
            reader.Read();
            if (column == VoteColumn.Other || reader.TokenType == JsonTokenType.Null)
                reader.Skip();
            else if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject or JsonTokenType.True or JsonTokenType.False)
                Refuse(ref reader, column, ref row);
            else
                row.Take(column, reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(JsonText.Read(ref reader)) : reader.ValueSpan);
        }

        if (reader.Read())
            row.Report("has text after the JSON object");
    }

    private static void Refuse(ref Utf8JsonReader reader, VoteColumn column, ref VoteRowReader row)
    {
        row.Report($"has a {column} that is neither a text nor a number");
        reader.Skip();
    }
}
