using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tiebreak.Core;
using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Layouts.Kaggle;

/// <summary>Writes battles as the competition's CSV: UTF-8, LF, texts as JSON lists.</summary>
internal sealed class KaggleWriter(Stream stream) : IDisposable
{
    private static readonly SearchValues<byte> NeedsQuotes = SearchValues.Create("\",\r\n \t"u8);

    private readonly ArrayBufferWriter<byte> _cell = new();
    private readonly ArrayBufferWriter<byte> _row = new();
    private readonly Utf8JsonWriter _json = new(
        Stream.Null, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public void WriteTrain(IEnumerable<Battle> battles)
    {
        WriteHeader(KaggleHeader.Train);
        foreach (var battle in battles)
        {
            if (battle.Verdict is not { } verdict)
            {
                throw new InputException(
                    $"The battle {battle.Id} has no verdict, which train.csv needs. Write it as test data or as JSON Lines.");
            }

            var outcome = verdict.ToOutcome();
            WriteField(battle.Id);
            WriteField(battle.ModelA ?? "");
            WriteField(battle.ModelB ?? "");
            WriteTexts(battle);
            WriteField(outcome == Outcome.A ? "1" : "0");
            WriteField(outcome == Outcome.B ? "1" : "0");
            WriteField(outcome == Outcome.Tie ? "1" : "0");
            EndRow();
        }
    }

    public void WriteTest(IEnumerable<Battle> battles)
    {
        WriteHeader(KaggleHeader.Texts);
        foreach (var battle in battles)
        {
            WriteField(battle.Id);
            WriteTexts(battle);
            EndRow();
        }
    }

    public void Dispose() => _json.Dispose();

    private void WriteHeader(IReadOnlyList<string> names)
    {
        foreach (var name in names)
            WriteField(name);
        EndRow();
    }

    private void WriteTexts(Battle battle)
    {
        WriteTexts(battle.Turns, turn => turn.Prompt);
        WriteTexts(battle.Turns, turn => turn.ResponseA);
        WriteTexts(battle.Turns, turn => turn.ResponseB);
    }

    private void WriteTexts(IReadOnlyList<Turn> turns, Func<Turn, string?> text)
    {
        _cell.ResetWrittenCount();
        _json.Reset(_cell);
        _json.WriteStartArray();
        foreach (var turn in turns)
            _json.WriteStringValue(text(turn));
        _json.WriteEndArray();
        _json.Flush();
        WriteField(_cell.WrittenSpan);
    }

    private void WriteField(string text) => WriteField(Encoding.UTF8.GetBytes(text));

    private void WriteField(ReadOnlySpan<byte> text)
    {
        if (text.IndexOfAny(NeedsQuotes) < 0)
        {
            _row.Write(text);
        }
        else
        {
            _row.Write("\""u8);
            for (var quote = text.IndexOf((byte)'"'); quote >= 0; quote = text.IndexOf((byte)'"'))
            {
                _row.Write(text[..(quote + 1)]);
                _row.Write("\""u8);
                text = text[(quote + 1)..];
            }

            _row.Write(text);
            _row.Write("\""u8);
        }

        _row.Write(","u8);
    }

    private void EndRow()
    {
        stream.Write(_row.WrittenSpan[..^1]);
        stream.Write("\n"u8);
        _row.ResetWrittenCount();
    }
}
