using Tiebreak.Core;
using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Parquet;

/// <summary>
/// Pooled states in Parquet, as <c>tiebreak embed</c> writes them: the columns <c>id</c> (text), <c>prompt</c>, <c>response_a</c>, <c>response_b</c> and, where there is
/// one, <c>pair</c>, each a list of single-precision numbers, or null where the battle has no such text.
/// </summary>
public static class PooledStatesFile
{
    private static readonly string[] Needed = ["prompt", "response_a", "response_b"];
    private const string Pair = "pair";

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
                $"{path} has no states of {missing.Count:N0} of {battles.Count:N0} battles (the first is {missing[0]}). Write it from the same battle files.");
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
            throw new InputException($"{path} has no column \"{absent[0]}\", so it holds no pooled states. Needed: id, {string.Join(", ", Needed)}; {Pair} may be there too.");

        string[] names = table.Columns.Contains(Pair, StringComparer.Ordinal) ? [.. Needed, Pair] : Needed;
        var states = new Dictionary<string, PooledStates>(wanted.Count, StringComparer.Ordinal);
        var sizes = new int?[2]; // of single texts, of pairs
        for (var group = 0; group < table.RowGroups; group++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var ids = table.Rows(group, new HashSet<string>(["id"], StringComparer.Ordinal)).Select(row => row["id"]?.ToString() ?? "").ToList();
            List<float[]?>[] columns = [.. names.Select(name => table.Floats(group, name))];
            if (columns.Any(column => column.Count != ids.Count))
                throw new InputException($"{path} has columns of different length in row group {group + 1}. Write it again.");

            for (var row = 0; row < ids.Count; row++)
            {
                for (var k = 0; k < columns.Length; k++)
                    Check(path, ids[row], names[k], columns[k][row], ref sizes[k < Needed.Length ? 0 : 1]);
                var found = new PooledStates(columns[0][row], columns[1][row], columns[2][row], columns.Length > Needed.Length ? columns[3][row] : null);
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
            throw new InputException($"{path} has states of different sizes: \"{name}\" of row {id} has {state.Length} numbers, others {size}.");
        if (!Array.TrueForAll(state, float.IsFinite))
            throw new InputException($"{path} holds a state that is not finite: \"{name}\" of row {id}. Work the states out again.");
    }
}
