using System.Globalization;
using System.Text;
using CsCheck;
using Tiebreak.Core;
using Tiebreak.Data.Votes;
using Tiebreak.Testing;

namespace Tiebreak.Data.Tests.Formats;

/// <summary>
/// Whatever becomes of a good file when bytes of it are exchanged, dropped or repeated, reading ends with rows, problems or a sentence. The
/// long runs take as many seconds as <c>TIEBREAK_FUZZ_SECONDS</c> says (60 where it is not set), each.
/// </summary>
public sealed class FormatFuzzTests : IDisposable
{
    private const string Messages = """[{"role":"user","content":"p"},{"role":"assistant","content":"a"}]""";

    private static readonly Dictionary<string, byte[]> Files = new(StringComparer.Ordinal)
    {
        ["arena"] = Encoding.UTF8.GetBytes($$"""[{"question_id":"q1","model_a":"m1","model_b":"m2","winner":"tie","tstamp":1.5,"conversation_a":{{Messages}},"conversation_b":{{Messages}}},{"question_id":"q2"}]"""),
        ["mt-bench"] = Encoding.UTF8.GetBytes($$"""{"question_id":1,"model_a":"m1","model_b":"m2","winner":"tie","judge":"j","turn":1,"conversation_a":{{Messages}},"conversation_b":{{Messages}}}"""),
        ["chosen"] = """{"chosen":"\n\nHuman: p\n\nAssistant: a","rejected":"\n\nHuman: p\n\nAssistant: b","chosen_rating":1}"""u8.ToArray(),
        ["pandalm"] = """[{"idx":0,"cmp_key":"x_y","instruction":"i","input":"","response1":"a","response2":true,"annotator1":1,"annotator2":0}]"""u8.ToArray(),
        ["auto-j"] = """{"label":1,"prompt":"p","response 1":"a","response 2":"b"}"""u8.ToArray(),
        ["chats"] = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 3).Select(i => $$"""{"conversation_id":"c{{i}}","model":"m{{i}}","conversation":{{Messages}}}"""))),
        ["wsdm"] = "id,prompt,response_a,response_b,winner\n1,p,a,b,model_a\n2,\"p\",,\"b\"\"\",tie\n"u8.ToArray(),
        ["votes"] = "model_a,model_b,winner,tstamp\nx,y,tie,1\nx,y,model_a,\n"u8.ToArray(),
        ["json votes"] = """{"model_a":"x","model_b":"y","winner":"tie","weight":1.5}"""u8.ToArray(),
        ["zstd"] = Zstd(DataFolder.TestHeader + "1,\"[\"\"p\"\"]\",[null],[null]\n"),
        ["parquet"] = Parquet(),
    };

    private readonly DataFolder _folder = new();

    public static TheoryData<string> Names => [.. Files.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_damaged_file_is_read_or_refused(string name) => Fuzz(name, seconds: 1);

    [Theory(Explicit = true)]
    [MemberData(nameof(Names))]
    public void A_damaged_file_is_read_or_refused_for_long(string name) =>
        Fuzz(name, int.TryParse(Environment.GetEnvironmentVariable("TIEBREAK_FUZZ_SECONDS"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 60);

    private void Fuzz(string name, int seconds) => Gen.Select(Gen.Int[0, 2], Gen.Int[0, 100_000], Gen.Byte).Array[0, 6].Sample(
        damages =>
        {
            var path = _folder.Write(Damaged(Files[name], damages), Guid.NewGuid().ToString("N"));
            var rows = Read(path, name, blockBytes: 1 << 20);
            Assert.Equal(rows, Read(path, name, blockBytes: 7));
            File.Delete(path);
        },
        time: seconds,
        threads: 2);

    private static byte[] Damaged(byte[] file, (int Kind, int Place, byte Byte)[] damages)
    {
        var bytes = file.ToList();
        foreach (var (kind, place, value) in damages)
        {
            var at = place % (bytes.Count + 1);
            if (kind == 0)
                bytes.Insert(at, value);
            else if (kind == 1 && at < bytes.Count)
                bytes[at] = value;
            else if (at < bytes.Count)
                bytes.RemoveRange(at, Math.Min(1 + (value % 8), bytes.Count - at));
        }

        return [.. bytes];
    }

    private static List<string> Read(string path, string name, int blockBytes)
    {
        var options = DataFolder.Test with { BlockBytes = blockBytes, MaxRecordBytes = 4096, Threads = 1 };
        var rows = new List<string>();
        try
        {
            if (name.EndsWith("votes", StringComparison.Ordinal))
            {
                var votes = VoteReader.Read(path, options);
                rows.AddRange([.. votes.Votes().Select(vote => $"{vote}"), .. votes.Problems.Select(problem => $"{problem}")]);
            }
            else
            {
                foreach (var row in BattleReader.Read(path, options))
                    rows.Add($"{row.Line} {row.Problem} {row.Battle?.Id}");
            }
        }
        catch (InputException exception)
        {
            rows.Add(exception.Message);
        }

        return rows;
    }

    private static byte[] Zstd(string text)
    {
        using var compressor = new ZstdSharp.Compressor();
        return compressor.Wrap(Encoding.UTF8.GetBytes(text)).ToArray();
    }

    private static byte[] Parquet()
    {
        using var folder = new TemporaryFolder();
        BattleWriter.WriteParquet(folder["battles"], SyntheticBattles.Create(3));
        return File.ReadAllBytes(folder["battles"]);
    }
}
