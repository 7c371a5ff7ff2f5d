using System.IO.Compression;
using Parquet;
using Parquet.Schema;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Files;

namespace Tiebreak.Data.Embeddings;

/// <summary>
/// Writes embeddings as Apache Parquet: <c>id</c>, and <c>prompt</c>, <c>response_a</c>, <c>response_b</c> and <c>pair</c> as lists of float32; a missing text is
/// null. Each group of battles that is handed over becomes a row group.
/// </summary>
public static class EmbeddingFile
{
    private static readonly ParquetSchema Schema = new(
        new DataField<string>("id"), Vector("prompt"), Vector("response_a"), Vector("response_b"), Vector("pair"));

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="groups">Enumerated once; one group at a time is in memory.</param>
    /// <exception cref="TiebreakException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<IReadOnlyList<BattleEmbedding>> groups) =>
        AtomicFile.Write(path, file => WriteAsync(file, groups).GetAwaiter().GetResult());

    private static async Task WriteAsync(Stream stream, IEnumerable<IReadOnlyList<BattleEmbedding>> groups)
    {
        var writer = await ParquetWriter.CreateAsync(Schema, stream, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.Fastest });
        await using (writer)
        {
            foreach (var battles in groups)
            {
                using var group = writer.CreateRowGroup();
                var fields = Schema.GetDataFields();
                await group.WriteAsync(fields[0], [.. battles.Select(battle => battle.Id)]);
                await WriteAsync(group, fields[1], battles, battle => battle.Prompt);
                await WriteAsync(group, fields[2], battles, battle => battle.ResponseA);
                await WriteAsync(group, fields[3], battles, battle => battle.ResponseB);
                await WriteAsync(group, fields[4], battles, battle => battle.Pair);
                group.CompleteValidate();
            }
        }
    }

    private static Task WriteAsync(ParquetRowGroupWriter group, DataField field, IReadOnlyList<BattleEmbedding> battles, Func<BattleEmbedding, float[]?> vector)
    {
        var size = battles.Sum(battle => vector(battle)?.Length ?? 1);
        var (values, definitions, repetitions) = (new List<float>(size), new List<int>(size), new List<int>(size));
        foreach (var battle in battles)
        {
            if (vector(battle) is not { } numbers)
            {
                definitions.Add(0);
                repetitions.Add(0);
                continue;
            }

            for (var i = 0; i < numbers.Length; i++)
            {
                values.Add(numbers[i]);
                definitions.Add(field.MaxDefinitionLevel);
                repetitions.Add(i == 0 ? 0 : 1);
            }
        }

        return group.WriteAllPartsAsync<float>(field, values.ToArray(), definitions.ToArray(), repetitions.ToArray(), CancellationToken.None);
    }

    private static ListField Vector(string name) => new(name, new DataField<float>("element"));
}
