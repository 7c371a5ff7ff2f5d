using System.IO.Compression;
using Parquet;
using Parquet.Schema;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Files;

namespace Tiebreak.Data.Reading.Parquet;

/// <summary>
/// Pooled states in Parquet, as <c>tiebreak embed</c> writes them: the columns <c>id</c> (text), <c>prompt</c>, <c>response_a</c>,
/// <c>response_b</c> and, where there is one, <c>pair</c>, each a list of single-precision numbers, or null where the battle has no such
/// text.
/// </summary>
public static class PooledStatesFile
{
    private static readonly string[] Needed = ["prompt", "response_a", "response_b"];
    private const string Pair = "pair";

    private static readonly ParquetSchema Schema =
        new([new DataField<string>("id"), .. Needed.Append(Pair).Select(name => new ListField(name, new DataField<float>("element")))]);

    /// <summary>Writes the states of battles, whole or not at all. Each group becomes a row group.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="groups">Battles that have states. Enumerated once; one group at a time is in memory.</param>
    /// <exception cref="TiebreakException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<IReadOnlyList<Battle>> groups) =>
        AtomicFile.Write(path, file => WriteAsync(file, groups).GetAwaiter().GetResult());

    /// <summary>Gives battles their states, by id. Rows of the file that no battle asks for are passed over.</summary>
    /// <param name="battles">The battles.</param>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops between row groups.</param>
    /// <exception cref="InputException">Not such a file, or a battle has no states there.</exception>
    public static IReadOnlyList<Battle> Join(IReadOnlyList<Battle> battles, string path, CancellationToken cancellationToken = default)
    {
        var wanted = battles.Select(battle => battle.Id).ToHashSet(StringComparer.Ordinal);
        var states = Read(path, wanted, cancellationToken);
        var missing = battles.Where(battle => !states.ContainsKey(battle.Id)).Select(battle => battle.Id).ToList();
        if (missing.Count > 0)
        {
            throw new InputException(
                $"{path} has no states of {missing.Count:N0} of {battles.Count:N0} battles (the first is {missing[0]}). "
                + "Write it from the same battle files.");
        }

        return [.. battles.Select(battle => battle with { States = states[battle.Id] })];
    }

    private static Dictionary<string, PooledStates> Read(string path, HashSet<string> wanted, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            throw new InputException($"There is no file {path}. Give the Parquet file of pooled states.");

        using var table = ParquetTable.Open(path, threads: 1);
        var absent = Needed.Prepend("id").Except(table.Columns, StringComparer.Ordinal).ToList();
        if (absent.Count > 0)
        {
            throw new InputException($"{path} has no column \"{absent[0]}\", so it holds no pooled states. "
                + $"Needed: id, {string.Join(", ", Needed)}; {Pair} may be there too.");
        }

        string[] names = table.Columns.Contains(Pair, StringComparer.Ordinal) ? [.. Needed, Pair] : Needed;
        var states = new Dictionary<string, PooledStates>(wanted.Count, StringComparer.Ordinal);
        var sizes = new int?[2]; // of single texts, of pairs
        for (var group = 0; group < table.RowGroups; group++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var ids = table.Rows(group, new HashSet<string>(["id"], StringComparer.Ordinal))
                .Select(row => row["id"]?.ToString() ?? "").ToList();
            List<float[]?>[] columns = [.. names.Select(name => table.Floats(group, name))];
            if (columns.Any(column => column.Count != ids.Count))
                throw new InputException($"{path} has columns of different length in row group {group + 1}. Write it again.");

            for (var row = 0; row < ids.Count; row++)
            {
                for (var k = 0; k < columns.Length; k++)
                    Check(path, ids[row], names[k], columns[k][row], ref sizes[k < Needed.Length ? 0 : 1]);
                var found = new PooledStates(
                    columns[0][row], columns[1][row], columns[2][row], columns.Length > Needed.Length ? columns[3][row] : null);
                if (wanted.Contains(ids[row]) && !states.TryAdd(ids[row], found))
                    throw new InputException($"{path} has the row {ids[row]} twice.");
            }
        }

        return states;
    }

    private static void Check(string path, string id, string name, float[]? state, ref int? size)
    {
        if (state is null)
            return;
        if (state.Length != (size ??= state.Length))
        {
            throw new InputException(
                $"{path} has states of different sizes: \"{name}\" of row {id} has {state.Length} numbers, others {size}.");
        }

        if (!Array.TrueForAll(state, float.IsFinite))
            throw new InputException($"{path} holds a state that is not finite: \"{name}\" of row {id}. Work the states out again.");
    }

    private static async Task WriteAsync(Stream stream, IEnumerable<IReadOnlyList<Battle>> groups)
    {
        var writer = await ParquetWriter.CreateAsync(
            Schema, stream, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.Fastest })
                .ConfigureAwait(false);
        await using (writer)
        {
            foreach (var battles in groups)
            {
                using var group = writer.CreateRowGroup();
                var fields = Schema.GetDataFields();
                await group.WriteAsync(fields[0], [.. battles.Select(battle => battle.Id)]).ConfigureAwait(false);
                await WriteAsync(group, fields[1], battles, states => states.Prompt).ConfigureAwait(false);
                await WriteAsync(group, fields[2], battles, states => states.ResponseA).ConfigureAwait(false);
                await WriteAsync(group, fields[3], battles, states => states.ResponseB).ConfigureAwait(false);
                await WriteAsync(group, fields[4], battles, states => states.Pair).ConfigureAwait(false);
                group.CompleteValidate();
            }
        }
    }

    private static Task WriteAsync(
        ParquetRowGroupWriter group, DataField field, IReadOnlyList<Battle> battles, Func<PooledStates, IReadOnlyList<float>?> vector)
    {
        var size = battles.Sum(battle => vector(battle.States!)?.Count ?? 1);
        var (values, definitions, repetitions) = (new List<float>(size), new List<int>(size), new List<int>(size));
        foreach (var battle in battles)
        {
            if (vector(battle.States!) is not { } numbers)
            {
                definitions.Add(0);
                repetitions.Add(0);
                continue;
            }

            for (var i = 0; i < numbers.Count; i++)
            {
                values.Add(numbers[i]);
                definitions.Add(field.MaxDefinitionLevel);
                repetitions.Add(i == 0 ? 0 : 1);
            }
        }

        return group.WriteAllPartsAsync<float>(
            field, values.ToArray(), definitions.ToArray(), repetitions.ToArray(), CancellationToken.None);
    }
}
