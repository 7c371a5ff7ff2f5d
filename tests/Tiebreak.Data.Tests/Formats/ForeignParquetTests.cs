using Apache.Arrow;
using Apache.Arrow.Types;
using DuckDB.NET.Data;
using ParquetSharp;
using ParquetSharp.Arrow;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Votes;
using Field = Apache.Arrow.Field;
using TimeUnit = Apache.Arrow.Types.TimeUnit;

namespace Tiebreak.Data.Tests.Formats;

/// <summary>
/// Parquet files that other programs wrote: Apache Arrow (as pandas, pyarrow and the hubs do), by ParquetSharp, and DuckDB.
/// </summary>
public sealed class ForeignParquetTests : IDisposable
{
    private static readonly StructType MessageType = new(
        [new Field("role", StringType.Default, nullable: true), new Field("content", StringType.Default, nullable: true)]);

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Compression.Uncompressed)]
    [InlineData(Compression.Snappy)]
    [InlineData(Compression.Gzip)]
    [InlineData(Compression.Brotli)]
    [InlineData(Compression.Zstd)]
    [InlineData(Compression.Lz4)]
    [InlineData(Compression.Lz4Hadoop)]
    public void Arrow_conversations_in_every_compression_and_in_pages_of_both_versions(Compression compression)
    {
        foreach (var version in Enum.GetValues<ParquetDataPageVersion>())
        {
            WriteArrow(compression, rows: 25, rowsInGroup: 10, dictionaries: true, version: version);
            CheckArena(25);
        }
    }

    [Fact]
    public void Arrow_without_dictionaries_and_with_large_texts()
    {
        WriteArrow(Compression.Snappy, rows: 3, rowsInGroup: 2, dictionaries: false, text: new string('x', 3_000_000));

        CheckArena(3, text: new string('x', 3_000_000));
    }

    [Theory]
    [InlineData("uncompressed", "V1")]
    [InlineData("snappy", "V1")]
    [InlineData("gzip", "V1")]
    [InlineData("zstd", "V1")]
    [InlineData("brotli", "V1")]
    [InlineData("lz4_raw", "V1")]
    [InlineData("zstd", "V2")]
    [InlineData("uncompressed", "V2")]
    public void DuckDB_conversations_in_every_compression(string compression, string version)
    {
        Copy(
            """
            SELECT 'q' || i AS id, 'm1' AS model_a, 'm2' AS model_b, CASE WHEN i % 2 = 0 THEN 'model_a' ELSE 'tie' END AS winner,
              [{'role': 'user', 'content': 'p' || i}, {'role': 'assistant', 'content': 'a' || i}] AS conversation_a,
              [{'role': 'user', 'content': 'p' || i}, {'role': 'assistant', 'content': NULL}] AS conversation_b,
              CASE WHEN i = 0 THEN NULL ELSE 'German' END AS language, TIMESTAMP '2025-06-01 10:00:00' AS timestamp
            FROM range(25) AS rows(i)
            """,
            $"COMPRESSION {compression}, PARQUET_VERSION {version}, ROW_GROUP_SIZE 10");

        CheckArena(25);
    }

    [Fact]
    public void DuckDB_decimals_are_numbers()
    {
        Copy(
            """
            SELECT 'p' AS prompt, 'good' AS chosen, 'bad' AS rejected, 8.5 AS score_chosen, 12345678901234567890.5 AS score_rejected, NULL AS x
            UNION ALL SELECT 'q', 'good', 'bad', 3.25, NULL, 1
            UNION ALL SELECT 'r', 'good', 'bad', 3.0, 3.00, 1
            """,
            "COMPRESSION zstd");

        var rows = BattleReader.Read(_folder["other"], DataFolder.Train).ToList();

        Assert.Equal("has a chosen response with a lower rating than the rejected one", rows[0].Problem!.Reason);
        Assert.True(rows[1].Battle!.Verdict is Verdict.A or Verdict.B);
        Assert.Equal(Verdict.Tie, rows[2].Battle!.Verdict);
    }

    [Fact]
    public void DuckDB_lists_of_lists_are_read()
    {
        Copy(
            """
            SELECT 'q' AS question_id, 'p' AS prompt, 'm' AS model_name, 'r1' AS response_1, 'r2' AS response_2, 'r3' AS response_3,
              [true, false, true] AS scores, [[0, 1], [1, 2]] AS sampled_conflict_pairs
            UNION ALL SELECT 'r', 'p', 'm', 'r1', 'r2', 'r3', [false, true, true], [[2, 0]]
            UNION ALL SELECT 's', 'p', 'm', 'r1', 'r2', 'r3', [true, false, true], [[1, 0], [0, 1], [2, 1]]
            """,
            "COMPRESSION zstd");

        var battles = BattleReader.Read(_folder["other"], DataFolder.Train).Select(row => row.Battle!).ToList();

        Assert.Equal(["q-0-1", "q-1-2", "r-2-0", "s-1-0", "s-0-1", "s-2-1"], battles.Select(battle => battle.Id));
        Assert.Equal(
            [Verdict.A, Verdict.B, Verdict.A, Verdict.B, Verdict.A, Verdict.A], battles.Select(battle => battle.Verdict!.Value));
    }

    [Fact]
    public void DuckDB_rated_completions_are_lists_of_objects_with_objects_inside()
    {
        Copy(
            """
            SELECT 'evol_instruct' AS source, 'p' AS instruction, ['m1', 'm2'] AS models,
              [{'model': 'm1', 'response': 'r1', 'fine-grained_score': 4.5::DOUBLE, 'annotations': {'helpfulness': {'Rating': '5'}}},
               {'model': 'm2', 'response': 'r2', 'fine-grained_score': 2::DOUBLE, 'annotations': {'helpfulness': {'Rating': '2'}}}] AS completions
            """,
            "COMPRESSION zstd");

        var battle = Assert.Single(BattleReader.Read(_folder["other"], DataFolder.Train)).Battle!;

        Assert.Equal("m1", battle.Verdict == Verdict.A ? battle.ModelA : battle.ModelB);
    }

    [Fact]
    public void A_prompt_of_messages_and_nested_tags_are_read()
    {
        Copy(
            """
            SELECT [{'role': 'user', 'content': 'p'}] AS prompt, [{'role': 'assistant', 'content': 'good'}] AS chosen,
              [{'role': 'assistant', 'content': 'bad'}] AS rejected, 'Focus' AS subset
            """,
            "COMPRESSION zstd");

        var battle = Assert.Single(BattleReader.Read(_folder["other"], DataFolder.Train)).Battle!;

        Assert.Equal("p", Assert.Single(battle.Turns).Prompt);
        Assert.Equal(["Focus"], battle.Tags!);
    }

    [Fact]
    public void Votes_without_texts()
    {
        Copy(
            """
            SELECT 'm' || i AS model_a, 'n' AS model_b, [i = 0, i = 1, i = 2] AS flags, i = 0 AS winner_model_a, i = 1 AS winner_model_b,
              i = 2 AS winner_tie, TIMESTAMP '2025-06-01 10:00:00' AS tstamp, 'German' AS language, i + 0.5 AS hardness
            FROM range(3) AS rows(i)
            """,
            "COMPRESSION zstd");
        Assert.True(VoteReader.CanRead(_folder["other"]));

        var votes = VoteReader.Read(_folder["other"], DataFolder.Train with { Where = [("language", "german")] }, ["hardness"]);

        Assert.Equal(
            [("m0", Verdict.A), ("m1", Verdict.B), ("m2", Verdict.Tie)], votes.Votes().Select(vote => (vote.ModelA, vote.Verdict)));
        Assert.All(votes.Timestamps!, time => Assert.Equal(new DateTimeOffset(2025, 6, 1, 10, 0, 0, TimeSpan.Zero), time));
        Assert.Equal(["0.5", "1.5", "2.5"], votes.Label("hardness")!);
        Assert.Contains("\"flags\"", Assert.Single(votes.Notices), StringComparison.Ordinal);

        WriteArrow(Compression.Zstd, rows: 2, rowsInGroup: 2, dictionaries: true);
        Assert.False(VoteReader.CanRead(_folder["other"]));
    }

    [Fact]
    public void Paths_lead_into_objects_and_lists()
    {
        Copy("SELECT {'question': 'q'} AS ask, [{'text': 'l'}, {'text': 'r'}] AS outputs, 'tie' AS verdict", "COMPRESSION zstd");
        const string Columns = "prompt=ask.question,response_a=outputs[0].text,response_b=outputs[1].text,winner=verdict";

        var message = Assert.Throws<InputException>(() => BattleReader.Read(_folder["other"], DataFolder.Train).Count()).Message;
        Assert.Contains($"`columns` {Columns}", message, StringComparison.Ordinal);

        var pairs = Columns.Split(',').Select(pair => pair.Split('=')).Select(pair => (pair[0], pair[1]));
        var battle = Assert.Single(
            BattleReader.Read(_folder["other"], DataFolder.Train with { Mapping = BattleMapping.Of(pairs, []) })).Battle!;
        Assert.Equal((new Turn("q", "l", "r"), Verdict.Tie), (battle.Turns[0], battle.Verdict));
    }

    [Fact]
    public void A_map_is_refused_by_its_name_where_it_is_needed()
    {
        Copy("SELECT 'p' AS prompt, MAP {'a': 'b'} AS chosen, 'x' AS rejected, MAP {'a': 'b'} AS more", "COMPRESSION zstd");

        var message = Assert.Throws<InputException>(() => BattleReader.Read(_folder["other"], DataFolder.Train).Count()).Message;

        Assert.EndsWith("is a Parquet file with something that Tiebreak does not read: chosen is a map.", message, StringComparison.Ordinal);
    }

    private void CheckArena(int rows, string text = "")
    {
        var battles = BattleReader.Read(_folder["other"], DataFolder.Train).Select(row =>
        {
            Assert.Null(row.Problem);
            return row.Battle!;
        }).ToList();

        Assert.Equal(Enumerable.Range(0, rows).Select(i => $"q{i}"), battles.Select(battle => battle.Id));
        Assert.Equal(
            Enumerable.Range(0, rows).Select(i => new Turn($"p{i}", $"a{i}{text}", null)), battles.Select(battle => battle.Turns.Single()));
        Assert.Equal(
            Enumerable.Range(0, rows).Select(i => i % 2 == 0 ? Verdict.A : Verdict.Tie), battles.Select(battle => battle.Verdict!.Value));
        Assert.Equal(
            Enumerable.Range(0, rows).Select(i => i == 0 ? null : "German"), battles.Select(battle => battle.Language));
        Assert.All(battles, battle => Assert.Equal(new DateTimeOffset(2025, 6, 1, 10, 0, 0, TimeSpan.Zero), battle.Timestamp));
    }

    private void Copy(string query, string options)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"COPY ({query}) TO '{_folder["other"]}' (FORMAT parquet, {options})";
        command.ExecuteNonQuery();
    }

    private void WriteArrow(
        Compression compression, int rows, int rowsInGroup, bool dictionaries, string text = "",
        ParquetDataPageVersion version = ParquetDataPageVersion.V1)
    {
        var numbers = Enumerable.Range(0, rows).ToList();
        IArrowArray[] columns =
        [
            Strings(numbers.Select(i => $"q{i}")),
            Strings(numbers.Select(_ => "m1")),
            Strings(numbers.Select(_ => "m2")),
            Strings(numbers.Select(i => i % 2 == 0 ? "model_a" : "tie")),
            Talks(numbers.SelectMany(i => new[] { ("user", $"p{i}"), ("assistant", (string?)$"a{i}{text}") })),
            Talks(numbers.SelectMany(i => new[] { ("user", $"p{i}"), ("assistant", null) })),
            Strings(numbers.Select(i => i == 0 ? null : "German")),
            new TimestampArray.Builder(new TimestampType(TimeUnit.Microsecond, timezone: (string?)null))
                .AppendRange(numbers.Select(_ => new DateTimeOffset(2025, 6, 1, 10, 0, 0, TimeSpan.Zero))).Build(),
        ];
        string[] names = ["id", "model_a", "model_b", "winner", "conversation_a", "conversation_b", "language", "timestamp"];
        var schema = new Apache.Arrow.Schema(
            names.Zip(columns, (name, column) => new Field(name, column.Data.DataType, nullable: true)), metadata: null);
        using var builder = new WriterPropertiesBuilder();
        builder.Compression(compression).DataPageVersion(version);
        if (!dictionaries)
            builder.DisableDictionary();
        using var properties = builder.Build();
        using var writer = new FileWriter(_folder["other"], schema, properties);
        using var batch = new RecordBatch(schema, columns, rows);
        writer.WriteRecordBatch(batch, rowsInGroup);
        writer.Close();
    }

    private static StringArray Strings(IEnumerable<string?> values)
    {
        var builder = new StringArray.Builder();
        foreach (var value in values)
        {
            if (value is null)
                builder.AppendNull();
            else
                builder.Append(value);
        }

        return builder.Build();
    }

    /// <summary>Two messages a row, as a list of objects.</summary>
    private static ListArray Talks(IEnumerable<(string Role, string? Content)> messages)
    {
        var all = messages.ToList();
        var objects = new StructArray(
            MessageType, all.Count, [Strings(all.Select(message => message.Role)), Strings(all.Select(message => message.Content))],
            ArrowBuffer.Empty);
        var offsets = new ArrowBuffer.Builder<int>();
        for (var i = 0; i <= all.Count; i += 2)
            offsets.Append(i);
        return new ListArray(
            new ListType(new Field("element", MessageType, nullable: true)), all.Count / 2, offsets.Build(), objects, ArrowBuffer.Empty);
    }
}
