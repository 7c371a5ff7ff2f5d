using Tiebreak.Core;
using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Reading;

/// <summary>Gives battles their numbers, by id. Rows of the file that no battle asks for are passed over.</summary>
internal static class BattleNumberJoin
{
    /// <summary>For a judge that is to learn from them: every battle has a row, and what never varies is left out.</summary>
    /// <param name="battles">The battles.</param>
    /// <param name="path">The file of numbers.</param>
    /// <param name="remark">Told what was left out or is missing; one sentence each.</param>
    /// <param name="cancellationToken">Stops between row groups.</param>
    /// <exception cref="InputException">Not such a file, a battle has no row, or no column varies.</exception>
    public static IReadOnlyList<Battle> Learn(
        IReadOnlyList<Battle> battles, string path, Action<string> remark, CancellationToken cancellationToken)
    {
        var file = NumbersFile.Read(path, cancellationToken);
        ThrowIfMissing(battles, path, file);
        var varying = file.Columns.Where((_, k) => Varies(battles.Select(battle => file.Find(battle.Id)![k]))).ToList();
        List<string> used =
        [
            .. file.Columns.Where(name =>
                varying.Contains(name) || (BattleNumbers.OtherSide(name) is { } other && varying.Contains(other))),
        ];
        if (used.Count == 0)
            throw new InputException($"{path} holds no number that differs between battles, so there is nothing to learn from.");
        if (file.Columns.Except(used, StringComparer.Ordinal).ToList() is [_, ..] constant)
            remark($"{path}: left out, because it is the same for every battle: {string.Join(", ", constant)}.");
        return Join(battles, file, used, path, remark);
    }

    /// <summary>For a judge that has learned from them: the columns that it needs.</summary>
    /// <param name="battles">The battles.</param>
    /// <param name="path">The file of numbers.</param>
    /// <param name="needed">The columns that the judge needs.</param>
    /// <param name="mayLack">True if a battle may have no row: it is then judged as if its numbers were average.</param>
    /// <param name="remark">Told what is missing; one sentence each.</param>
    /// <param name="cancellationToken">Stops between row groups.</param>
    /// <exception cref="InputException">Not such a file, a column is missing, or a battle has no row and must have one.</exception>
    public static IReadOnlyList<Battle> Supply(
        IReadOnlyList<Battle> battles, string path, IReadOnlyList<string> needed, bool mayLack, Action<string> remark,
        CancellationToken cancellationToken)
    {
        var file = NumbersFile.Read(path, cancellationToken);
        if (needed.Except(file.Columns, StringComparer.Ordinal).ToList() is [_, ..] absent)
        {
            throw new InputException($"{path} has no column {ColumnNames.List(absent)}, which the judge was trained with; it has "
                + $"{ColumnNames.List(file.Columns)}.");
        }

        if (!mayLack)
            ThrowIfMissing(battles, path, file);
        else if (Missing(battles, file) is [_, ..] missing)
            remark($"{path} has no row for {Of(missing.Count, battles.Count)} ({Examples.Of(missing)}); their numbers count as average.");
        return Join(battles, file, needed, path, remark);
    }

    private static List<Battle> Join(
        IReadOnlyList<Battle> battles, NumbersFile file, IReadOnlyList<string> names, string path, Action<string> remark)
    {
        int[] places = [.. names.Select(name => file.Columns.ToList().IndexOf(name))];
        var unknown = new int[names.Count];
        var joined = new List<Battle>(battles.Count);
        foreach (var battle in battles)
        {
            var (row, numbers) = (file.Find(battle.Id), new Dictionary<string, double>(names.Count, StringComparer.Ordinal));
            for (var k = 0; row is not null && k < places.Length; k++)
            {
                if (double.IsNaN(row[places[k]]))
                    unknown[k]++;
                else
                    numbers[names[k]] = row[places[k]];
            }

            joined.Add(battle with { Numbers = numbers });
        }

        if (unknown.Any(count => count > 0))
        {
            var parts = names.Zip(unknown).Where(column => column.Second > 0).Select(column => $"{column.First} ({column.Second:N0})");
            remark($"{path} lacks numbers, which count as average: {string.Join(", ", parts)}.");
        }

        return joined;
    }

    private static void ThrowIfMissing(IReadOnlyList<Battle> battles, string path, NumbersFile file)
    {
        if (Missing(battles, file) is [_, ..] missing)
        {
            throw new InputException($"{path} has no row for {Of(missing.Count, battles.Count)} ({Examples.Of(missing)}). "
                + "Write it from the same battle files.");
        }
    }

    private static List<string> Missing(IReadOnlyList<Battle> battles, NumbersFile file) =>
        [.. battles.Select(battle => battle.Id).Where(id => file.Find(id) is null)];

    private static string Of(int part, int whole) => $"{part:N0} of {Quantity.Of(whole, "battle")}";

    private static bool Varies(IEnumerable<double> values) => values.Where(double.IsFinite).Distinct().Take(2).Count() > 1;
}
