using System.IO.Compression;
using Parquet;
using Parquet.Schema;
using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Reading.Parquet;

/// <summary>Writes battles as Parquet: the columns of Tiebreak JSONL, texts as lists of strings, row groups of 10,000 battles.</summary>
internal static class ParquetBattles
{
    private const int RowsInGroup = 10_000;

    private static readonly ParquetSchema Schema = new(
        new DataField<string>("id"),
        List("prompt"), List("response_a"), List("response_b"),
        new DataField<string>("model_a"),
        new DataField<string>("model_b"),
        new DataField<string>("winner"),
        new DataField<string>("language"),
        new DataField<double>("tstamp", true),
        List("annotators"),
        List("tags"),
        new DataField<string>("source"),
        new DataField<string>("license"),
        new ListField("soft_label", new DataField<double>("element")),
        List("annotator_ids"));

    /// <summary>Writes all of them; the stream stays open.</summary>
    public static async Task WriteAsync(Stream stream, IEnumerable<Battle> battles)
    {
        var writer = await ParquetWriter.CreateAsync(
            Schema, stream, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.Fastest })
                .ConfigureAwait(false);
        await using (writer)
        {
            foreach (var group in battles.Chunk(RowsInGroup))
                await WriteGroupAsync(writer, group).ConfigureAwait(false);
        }
    }

    private static async Task WriteGroupAsync(ParquetWriter writer, Battle[] battles)
    {
        using var group = writer.CreateRowGroup();
        var fields = Schema.GetDataFields();
        await group.WriteAsync(fields[0], [.. battles.Select(battle => battle.Id)]).ConfigureAwait(false);
        await WriteTextsAsync(group, fields[1], battles.Select(battle => battle.Turns.Select(turn => turn.Prompt))).ConfigureAwait(false);
        await WriteTextsAsync(group, fields[2], battles.Select(battle => battle.Turns.Select(turn => turn.ResponseA)))
            .ConfigureAwait(false);
        await WriteTextsAsync(group, fields[3], battles.Select(battle => battle.Turns.Select(turn => turn.ResponseB)))
            .ConfigureAwait(false);
        await group.WriteAsync(fields[4], [.. battles.Select(battle => battle.ModelA!)]).ConfigureAwait(false);
        await group.WriteAsync(fields[5], [.. battles.Select(battle => battle.ModelB!)]).ConfigureAwait(false);
        await group.WriteAsync(
            fields[6], [.. battles.Select(battle => battle.Verdict is { } verdict ? VerdictText.Format(verdict) : null!)])
                .ConfigureAwait(false);
        await group.WriteAsync(fields[7], [.. battles.Select(battle => battle.Language!)]).ConfigureAwait(false);
        await group.WriteAsync<double>(
            fields[8], battles.Select(battle => (battle.Timestamp - DateTimeOffset.UnixEpoch)?.TotalSeconds).ToArray())
                .ConfigureAwait(false);
        await WriteTextsAsync(group, fields[9], battles.Select(battle => battle.Annotators)).ConfigureAwait(false);
        await WriteTextsAsync(group, fields[10], battles.Select(battle => battle.Tags)).ConfigureAwait(false);
        await group.WriteAsync(fields[11], [.. battles.Select(battle => battle.Source!)]).ConfigureAwait(false);
        await group.WriteAsync(fields[12], [.. battles.Select(battle => battle.License!)]).ConfigureAwait(false);
        await WriteListsAsync(
            group,
            fields[13],
            battles.Select(battle => battle.SoftLabel is { } label ? new double?[] { label.A, label.B, label.Tie } : null))
                .ConfigureAwait(false);
        await WriteTextsAsync(group, fields[14], battles.Select(battle => battle.AnnotatorIds)).ConfigureAwait(false);
        group.CompleteValidate();
    }

    private static Task WriteTextsAsync(ParquetRowGroupWriter group, DataField field, IEnumerable<IEnumerable<string?>?> lists) =>
        WriteListsAsync(
            group, field, lists.Select(list => list?.Select(text => text is null ? (ReadOnlyMemory<char>?)null : text.AsMemory())));

    /// <summary>Writes one list per row as values with definition and repetition levels.</summary>
    private static Task WriteListsAsync<T>(ParquetRowGroupWriter group, DataField field, IEnumerable<IEnumerable<T?>?> lists)
        where T : struct
    {
        var (values, definitions, repetitions) = (new List<T>(), new List<int>(), new List<int>());
        var slot = field.MaxDefinitionLevel - (field.IsNullable ? 1 : 0);
        foreach (var list in lists)
        {
            var start = definitions.Count;
            foreach (var item in list ?? [])
            {
                repetitions.Add(definitions.Count == start ? 0 : 1);
                definitions.Add(item is null ? slot : field.MaxDefinitionLevel);
                if (item is { } value)
                    values.Add(value);
            }

            if (definitions.Count == start)
            {
                repetitions.Add(0);
                definitions.Add(list is null ? slot - 2 : slot - 1);
            }
        }

        return group.WriteAllPartsAsync<T>(field, values.ToArray(), definitions.ToArray(), repetitions.ToArray(), CancellationToken.None);
    }

    private static ListField List(string name) => new(name, new DataField<string>("element"));
}
