using System.Text;
using CsCheck;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Tests.Reading;

/// <summary>A file that a spreadsheet or a data frame has saved again holds the same battles.</summary>
public sealed class ResavedFileTests : IDisposable
{
    private static readonly string[] Columns = ["id", "model_a", "model_b", "prompt", "response_a", "response_b", "winner"];

    private static readonly Gen<string> Text = Gen.Char["ab,;|\t\n\"'\\[]{}é中 "].Array[1, 12].Select(signs => $"t{new string(signs)}.");

    private static readonly Gen<Battle[]> Battles = Gen.Select(
        Gen.Select(Text, Text, Text, (prompt, a, b) => new Turn(prompt, a, b)).Array[1, 3], Gen.Int[0, 3], Gen.Bool,
        (turns, verdict, hasGap) => new Battle
        {
            Id = "",
            Turns = hasGap ? [.. turns[..^1], turns[^1] with { ResponseB = null }] : turns,
            ModelA = "gpt",
            ModelB = "claude",
            Verdict = (Verdict)verdict,
        }).Array[1, 8].Select(battles => battles.Select((battle, i) => battle with { Id = $"{i}" }).ToArray());

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(',', "utf-8", false)]
    [InlineData(';', "utf-8-mark", false)]
    [InlineData('\t', "utf-16", false)]
    [InlineData('|', "utf-16-be", true)]
    [InlineData(',', "utf-8", true)]
    public void By_a_spreadsheet_or_a_data_frame(char separator, string encoding, bool isPython) =>
        Gen.Select(Battles, Gen.Shuffle(Enumerable.Range(0, Columns.Length).ToArray()), Gen.Bool).Sample(
            (battles, order, isRenamed) => Assert.Equal(
                battles.Select(Line), Read(Save(battles, order, separator, encoding, isPython, isRenamed), isRenamed).Select(Line)),
            iter: 60,
            threads: 1);

    [Theory]
    [InlineData("TRUE", "FALSE", "")]
    [InlineData("1,0", "0,0", "NaN")]
    [InlineData("1.0", "0.0", "nan")]
    public void Labels_as_a_spreadsheet_or_a_data_frame_writes_them(string one, string zero, string none)
    {
        var path = _folder.Write("sep=;\r\n" + DataFolder.TrainHeader.Replace(',', ';')
            + $"1;x;y;p;a;b;{zero};{one};{zero}\r\n2;x;y;p;a;b;{none};{none};{none}\r\n");

        var rows = BattleReader.Read(path, DataFolder.Train).ToList();

        Assert.Equal([Verdict.B, null], rows.Select(row => row.Battle?.Verdict));
        Assert.Equal((4, RowBuilder.NoLabel), (rows[1].Line, rows[1].Problem!.Reason));
    }

    [Theory]
    [InlineData("""{"id":1,"prompt":"p","response_a":"a","response_b":NaN,"winner":"tie"}""", "write null where a value is missing")]
    [InlineData("{'id': 1, 'prompt': 'p', 'response_a': 'a', 'response_b': 'b'}", "write them with json.dumps")]
    public void What_Python_writes_in_place_of_JSON_is_named_with_the_cure(string row, string cure)
    {
        var problems = BattleReader.Read(_folder.Write($"{row}\n{row}\n"), DataFolder.Train).Select(read => read.Problem!).ToList();

        var refusal = Assert.Throws<InputException>(() => LossRule.ThrowIfTooMuch(2, problems));

        Assert.Contains(cure, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("no id", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NaN", 1)]
    [InlineData("None", 1)]
    [InlineData("", 0)]
    [InlineData("None of them.", 0)]
    public void A_text_that_is_what_a_data_frame_prints_for_a_missing_one_is_said(string text, int notes)
    {
        var set = BattleSet.Load([_folder.Write($"id,prompt,response_a,response_b,winner\n1,p,a,{text},tie\n")], DataFolder.Train);

        Assert.Equal(notes, set.Notices.Count(notice => notice.Contains("leave its cell empty", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_encoding_of_a_spreadsheet_is_named_with_the_cure()
    {
        var path = _folder.Write([.. "id;prompt;response_a;response_b;winner\n1;caf"u8, 0xE9, .. ";a;b;tie\n"u8]);
        var problems = BattleReader.Read(path, DataFolder.Train).Select(row => row.Problem!).ToList();

        var refusal = Assert.Throws<InputException>(() => LossRule.ThrowIfTooMuch(1, problems));

        Assert.Contains("save it again as \"CSV UTF-8\"", refusal.Message, StringComparison.Ordinal);
    }

    private static string Line(Battle battle) =>
        $"{battle.Id} {battle.ModelA} {battle.ModelB} {battle.Verdict} {string.Join(" / ", battle.Turns)}";

    private IReadOnlyList<Battle> Read(byte[] content, bool isRenamed) => BattleSet.Load(
        [_folder.Write(content)],
        DataFolder.Train with
        {
            Mapping = isRenamed ? BattleMapping.Of([("prompt", "Frage"), ("winner", "besser")], [("no one", "bothbad")]) : null,
        }).Battles;

    private static byte[] Save(Battle[] battles, int[] order, char separator, string encoding, bool isPython, bool isRenamed)
    {
        var text = new StringBuilder();
        Append([.. Columns.Select(name => isRenamed ? Renamed(name) : name)]);
        foreach (var battle in battles)
        {
            Append([
                battle.Id, battle.ModelA!, battle.ModelB!, List(battle, turn => turn.Prompt, isPython),
                List(battle, turn => turn.ResponseA, isPython), List(battle, turn => turn.ResponseB, isPython),
                Winner(battle.Verdict!.Value, isRenamed),
            ]);
        }

        Encoding writer = encoding switch
        {
            "utf-16" => new UnicodeEncoding(bigEndian: false, byteOrderMark: true),
            "utf-16-be" => new UnicodeEncoding(bigEndian: true, byteOrderMark: true),
            _ => new UTF8Encoding(encoding is "utf-8-mark"),
        };
        return [.. writer.GetPreamble(), .. writer.GetBytes(text.ToString())];

        void Append(string[] cells) =>
            text.Append(string.Join(separator, order.Select(i => DataFolder.Cell(cells[i])))).Append("\r\n");
    }

    private static string Renamed(string name) => name switch
    {
        "prompt" => "Frage",
        "winner" => "besser",
        "model_a" => " Model A ",
        _ => name.ToUpperInvariant(),
    };

    private static string Winner(Verdict verdict, bool isRenamed) => verdict switch
    {
        Verdict.A => isRenamed ? "gpt" : "model_a",
        Verdict.B => isRenamed ? "Right" : "model_b",
        Verdict.Tie => isRenamed ? "DRAW" : "tie",
        _ => isRenamed ? "no one" : "tie (bothbad)",
    };

    private static string List(Battle battle, Func<Turn, string?> text, bool isPython) =>
        $"[{string.Join(", ", battle.Turns.Select(turn => isPython ? Python(text(turn)) : Json(text(turn))))}]";

    private static string Json(string? text) => text is null ? "null" : System.Text.Json.JsonSerializer.Serialize(text);

    // As Python's repr: in single quotes, unless there are some inside and no double ones.
    private static string Python(string? text)
    {
        if (text is null)
            return "None";
        var quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)
            .Replace("\t", "\\t", StringComparison.Ordinal);
        return quote + (quote == '\'' ? escaped.Replace("'", "\\'", StringComparison.Ordinal) : escaped) + quote;
    }
}
