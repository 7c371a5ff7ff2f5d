using DuckDB.NET.Data;
using ParquetSharp;
using Tiebreak.Core.Battles;
using Tiebreak.Testing;
using Encoding = System.Text.Encoding;

namespace Tiebreak.Data.Tests.Formats;

/// <summary>
/// A small good file of every format, with what is rare in it: several turns, nulls, escapes, parts, blanks, several annotators.
/// </summary>
internal static class FuzzFiles
{
    private const string Messages =
        """[{"role":"system","content":"s"},{"role":"user","content":"p \"q\" \ud83d\ude00 \u00e9\n"},{"role":"assistant","content":null},{"role":"user","content":[{"type":"text","text":"p"},{"type":"image"}]},{"role":"assistant","content":"a"}]""";

    private static readonly Battle[] Battles =
    [
        .. SyntheticBattles.Create(2),
        new()
        {
            Id = "n \"1\"",
            Turns = [new Turn("p, \"quoted\"\r\n", null, "b\\u0041\\"), new Turn("", "é😀", "\0\t")],
            ModelA = "m-1",
            ModelB = "m-2",
            Verdict = Verdict.BothBad,
            Annotators = ["model_a", ""],
            Timestamp = DateTimeOffset.FromUnixTimeSeconds(5),
            Language = "English",
            Source = "here",
        },
        new() { Id = "2", Turns = [new Turn("p", "a", "b")], SoftLabel = new Preference(0.5, 0.25, 0.25), Annotators = [] },
    ];

    /// <summary>
    /// By name of the format; those whose name ends in "votes" hold votes, "submission" probabilities for <see cref="SubmissionIds"/>.
    /// </summary>
    public static IReadOnlyDictionary<string, byte[]> All { get; } = Create();

    public static string[] SubmissionIds { get; } = ["136060", "211333", "x,1"];

    private static Dictionary<string, byte[]> Create() => new(StringComparer.Ordinal)
    {
        ["tiebreak"] = Written(path => BattleWriter.WriteJsonl(path, Battles)),
        ["kaggle"] = Bytes(DataFolder.TrainHeader + DataFolder.TrainRow +
            DataFolder.Row(
                "2", """["p \"q\"",null,"\ud83d\ude00 \ud83d é"]""", """["a\\",null,"\u00e9\n"]""", """["b",null,""]""",
                "0,0,1") + "\r\n3,,,[],[null],\"[]\",1,0,0\r\n"),
        ["arena"] = Bytes(
            $$"""[{"question_id":"q1","model_a":"m1","model_b":"m2","winner":"tie","tstamp":1.5,"language":"English","toxic_chat_tag":{"a":[1,{}]},"conversation_a":{{Messages}},"conversation_b":{{Messages}}},{"question_id":"q2"}]"""),
        ["arena sides"] = Bytes(
            """{"id":"q1","model_a":"m1","model_b":"m2","winner":"both_bad","timestamp":"2025-04-01T10:00:00Z","evaluation_session_id":"e","full_conversation":[{"user":{"role":"user","content":[{"type":"text","text":"p"}]},"model_side_a":{"content":"a"},"model_side_b":{"content":null}},{"user":"q","model_side_a":"c","model_side_b":"d"}]}"""),
        ["arena parquet"] = ArenaParquet.Create(),
        ["mt-bench"] = Bytes(
            $$"""{"question_id":1,"model_a":"m1","model_b":"m2","winner":"tie","judge":"j","turn":1,"conversation_a":{{Messages}},"conversation_b":{{Messages}}}"""),
        ["chosen"] = Bytes(
            """{"chosen":"\n\nHuman: p\n\nAssistant: a\n\nHuman: q\n\nAssistant: b","rejected":"\n\nHuman: p\n\nAssistant: c","chosen_rating":1,"rejected_rating":1.0}""" +
            "\n" +
            """{"prompt":"p","chosen":[{"role":"user","content":"p"},{"role":"assistant","content":"a"}],"rejected":[{"role":"user","content":"p"},{"role":"assistant","content":"b"}]}"""),
        ["chosen lists"] = Bytes(
            $$"""{"id":1,"prompt":{{Messages}},"chosen":["a",null],"rejected":["b","c","d"],"models":["m",1,null,"n","o"],"subset":"s"}"""),
        ["rated"] = Bytes(
            """{"instruction":"p","source":"s","completions":[{"model":"m1","response":"a","fine-grained_score":4.5},{"model":"m2","response":null,"overall_score":"3"},{"response":"c"},7]}"""),
        ["alpaca eval"] = Bytes(
            """[{"instruction":"p","output_1":"a","generator_1":"m1","output_2":"b","generator_2":"m2","annotator":1,"preference":1.25}]"""),
        ["fastchat pairs"] = Bytes(
            """{"question_id":81,"model_1":"m1","model_2":"m2","g1_winner":"model_1","g2_winner":"tie","judge":["j","v2"],"turn":1}"""),
        ["fastchat log"] = Bytes(
            """{"tstamp":1.5,"type":"chat","model":"m1","state":{}}""" + "\n" +
            """{"tstamp":1.5,"type":"leftvote","models":["",""],"states":[{"messages":[["USER","p"],["ASSISTANT","a"]],"offset":0,"conv_id":"c","model_name":"m1"},{"messages":[["USER","p"],["ASSISTANT",null]],"offset":0,"conv_id":"d","model_name":"m2"}]}"""),
        ["comparia"] = Bytes(
            $$"""{"id":7,"model_a_name":"m1","model_b_name":"m2","both_equal":null,"chosen_model_name":"m2","conversation_a":{{Messages}},"conversation_b":{{Messages}},"languages":["fr"],"categories":["Arts"]}"""),
        ["helpsteer"] = Bytes(
            $$"""{"domain":"code","context":{{Messages}},"response1":"a","response2":"b","overall_preference":-1,"individual_preference":[{"score":-2},{"score":1},{"score":0}]}"""),
        ["multipref"] = Bytes(
            """{"comparison_id":"c","text":"p","completion_a":"a","completion_b":"b","normal_worker_annotations":[{"overall_pref":"Tie"},{"overall_pref":"A-is-clearly-better"}],"expert_worker_annotations":null}"""),
        ["ppe"] = Bytes(
            """{"question_id":"q","prompt":"p","response_1":"a","response_2":"b","scores":[true,[0.5]],"sampled_conflict_pairs":[[0,1]]}"""),
        ["picked"] = Bytes("""{"id":1,"prompt":"p","completions":["a",null,7],"chosen_index":1}"""),
        ["judgelm"] = Bytes(
            """{"question_id":1,"question_body":"p","answer1_body":"a","answer2_body":"b","score":[1,2.5]}"""),
        ["arena hard"] = Bytes(
            """{"uid":"q","model":"m","baseline":"n","judge":"j","games":[{"score":"A>>B"},{"score":"A=B"}],"category":"c"}"""),
        ["label studio"] = Bytes(
            """[{"id":7,"data":{"prompt":"p","text1":"a","text2":null},"annotations":[{"result":[{"type":"pairwise","value":{"selected":"left"}}]}]}]"""),
        ["open assistant"] = Bytes(
            """{"message_tree_id":"t","prompt":{"text":"p","role":"prompter","replies":[{"message_id":"1","text":"a","role":"assistant","rank":0,"replies":[]},{"message_id":"2","text":null,"role":"assistant","rank":1,"deleted":false}]}}"""),
        ["summaries"] = Bytes(
            """{"info":{"id":"t3","post":"p","title":"t"},"summaries":[{"text":"a","policy":"s"},{"text":"b","policy":null}],"choice":1,"worker":"w"}"""),
        ["pandalm"] = Bytes(
            """[{"idx":0,"cmp_key":"x_y","instruction":"i","input":"","response1":"a","response2":true,"annotator1":1,"annotator2":0,"annotator3":2}]"""),
        ["auto-j"] = Bytes("""{"scenario":"s","label":1,"prompt":"p","response 1":"a","response 2":"b"}""" + "\n"
            + """{"label":2,"prompt":"p","response 1":"a","response 2":"b"}"""),
        ["chats"] = Bytes(string.Join('\n', Enumerable.Range(0, 3).Select(i =>
            $$"""{"conversation_id":"c{{i}}","model":"m{{i}}","conversation":{{Messages}},"language":"English"}"""))),
        ["wsdm"] = Bytes(
            "id,prompt,response_a,response_b,winner,model_a,model_b,language\n1,p,a,b,model_a,m1,m2,Thai\n2,\"p\n\",,\"b\"\"\",tie,,,\n"),
        ["csv votes"] = Bytes("model_a,model_b,winner,tstamp\nx,y,tie,1\nx,y,model_a,\n\"x, 2\",y,tie (bothbad),2024-01-01\n"),
        ["json votes"] = Bytes("""{"model_a":"x","model_b":"y","winner":"tie","weight":1.5}""" + "\n"
            + """{"model_a":"x","model_b":"z","winner":"model_b"}"""),
        ["submission"] = Bytes(
            "id,winner_model_a,winner_model_b,winner_tie\n136060.0,0.25,0.25,0.5\n211333,1e-9,1,0\n\"x,1\",nan,-1,0.1\n"),
        ["gzip"] = DataFolder.Gzip(DataFolder.TestHeader + "1,\"[\"\"p\"\"]\",[null],[null]\n"),
        ["zstd"] = Zstd(DataFolder.TestHeader + "1,\"[\"\"p\"\"]\",[null],[null]\n"),
        ["parquet"] = Written(path => BattleWriter.WriteParquet(path, Battles)),
        ["arrow parquet"] = Written(WriteArrow),
        ["parquet votes"] = Written(path => Copy(
            "SELECT 'm' || i AS model_a, 'n' AS model_b, 'tie' AS winner, 1.5 * i AS tstamp, NULL AS judge FROM range(3) AS rows(i)", path)),
        ["duckdb parquet"] = Written(path => Copy(
            """
            SELECT 'q' || i AS question_id, 'p' AS prompt, 'r1' AS response_1, 'r2' AS response_2, [1.5, 0.5] AS scores,
              [[0, 1], [1, 0]] AS sampled_conflict_pairs FROM range(5) AS rows(i)
            """,
            path)),
    };

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Zstd(string text)
    {
        using var compressor = new ZstdSharp.Compressor();
        return compressor.Wrap(Bytes(text)).ToArray();
    }

    private static void Copy(string query, string path)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"COPY ({query}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)";
        command.ExecuteNonQuery();
    }

    /// <summary>Lists in pages of version 2, in encodings by differences.</summary>
    private static void WriteArrow(string path)
    {
        using var builder = new WriterPropertiesBuilder();
        using var properties = builder.DataPageVersion(ParquetDataPageVersion.V2).DisableDictionary().Compression(Compression.Snappy)
            .Encoding("prompt", ParquetSharp.Encoding.DeltaByteArray).Encoding("id", ParquetSharp.Encoding.DeltaBinaryPacked)
            .Encoding("chosen", ParquetSharp.Encoding.DeltaLengthByteArray).Build();
        using var file = new ParquetFileWriter(
            path, [new Column<long>("id"), new Column<string>("prompt"), new Column<string[]>("chosen"), new Column<string>("rejected")],
            properties);
        using var group = file.AppendRowGroup();
        using (var writer = group.NextColumn().LogicalWriter<long>())
            writer.WriteBatch([1, 2, 7]);
        using (var writer = group.NextColumn().LogicalWriter<string>())
            writer.WriteBatch(["prompt", "prompts", "pro"]);
        using (var writer = group.NextColumn().LogicalWriter<string[]>())
            writer.WriteBatch([["a", "b"], [], ["c"]]);
        using (var writer = group.NextColumn().LogicalWriter<string>())
            writer.WriteBatch(["d", null!, "e"]);
        file.Close();
    }

    private static byte[] Written(Action<string> write)
    {
        using var folder = new TemporaryFolder();
        write(folder["battles"]);
        return File.ReadAllBytes(folder["battles"]);
    }
}
