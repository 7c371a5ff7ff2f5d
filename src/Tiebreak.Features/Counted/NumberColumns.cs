using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;

namespace Tiebreak.Features.Counted;

/// <summary>
/// The numbers that battles bring along (<see cref="Battle.Numbers"/>) as columns: a number of both sides as their difference and their
/// sum, a number of the battle as it is. What is not known of a battle counts as the mean of the training data.
/// </summary>
internal sealed class NumberColumns
{
    public const string Group = "numbers";
    private const string FileName = "numbers.tsv";
    private const double Largest = 1e30; // what single precision holds also after adding two

    private readonly Number[] _sides;
    private readonly Number[] _ofBattle;

    private NumberColumns(IReadOnlyList<Number> numbers)
    {
        (_sides, _ofBattle) = ([.. numbers.Where(number => number.Other is not null)], [.. numbers.Where(number => number.Other is null)]);
        Names = [.. _sides.SelectMany(number => new[] { number.Name, number.Other! }), .. _ofBattle.Select(number => number.Name)];
        Columns =
        [
            .. _sides.Select(number => new FeatureColumn($"diff_number_{number.Label}", Group, IsAntisymmetric: true)),
            .. _sides.Select(number => new FeatureColumn($"sum_number_{number.Label}", Group, IsAntisymmetric: false)),
            .. _ofBattle.Select(number => new FeatureColumn($"number_{number.Label}", Group, IsAntisymmetric: false)),
        ];
        if (Columns.GroupBy(column => column.Name, StringComparer.Ordinal).FirstOrDefault(names => names.Count() > 1) is { Key: var twice })
            throw new InputException($"The numbers of the battles have two names that differ only in signs ({twice}). Rename one of them.");
    }

    /// <summary>The names of the numbers that a battle needs.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The columns that they become.</summary>
    public IReadOnlyList<FeatureColumn> Columns { get; }

    /// <summary>Finds the names in battles, and what is average.</summary>
    /// <param name="battles">The training data.</param>
    /// <param name="options">Which names are about the battle as a whole.</param>
    /// <exception cref="InputException">
    /// No battle has a number, a number is of one side only, or nobody said that it is about the battle as a whole.
    /// </exception>
    public static NumberColumns Learn(IReadOnlyList<Battle> battles, NumberOptions options)
    {
        var values = new SortedDictionary<string, List<double>>(StringComparer.Ordinal);
        foreach (var (name, value) in battles.SelectMany(battle => battle.Numbers ?? NeedsNumbers(battle)))
        {
            if (!values.TryGetValue(name, out var found))
                values[name] = found = [];
            found.Add(value);
        }

        if (values.Count == 0)
            throw Missing("The battles have no numbers");

        var numbers = new List<Number>();
        foreach (var (name, known) in values)
        {
            if (BattleNumbers.OtherSide(name) is not { } other)
                numbers.Add(new Number(name, Other: null, IsOfBattle(name, options) ? known.Average() : throw Undeclared(name)));
            else if (!values.TryGetValue(other, out var ofOther))
                throw OneSided(name, other);
            else if (name.EndsWith("_a", StringComparison.OrdinalIgnoreCase))
                numbers.Add(new Number(name, other, known.Concat(ofOther).Average()));
        }

        return new NumberColumns(numbers);
    }

    /// <summary>Works out the columns of one battle.</summary>
    /// <exception cref="InputException">The battle has no numbers at all.</exception>
    public void Fill(Battle battle, Span<float> row)
    {
        var numbers = battle.Numbers ?? NeedsNumbers(battle);
        for (var k = 0; k < _sides.Length; k++)
        {
            var (a, b) = (_sides[k].Of(numbers, _sides[k].Name), _sides[k].Of(numbers, _sides[k].Other!));
            row[k] = (float)(a - b);
            row[_sides.Length + k] = (float)(a + b);
        }

        for (var k = 0; k < _ofBattle.Length; k++)
            row[(2 * _sides.Length) + k] = (float)_ofBattle[k].Of(numbers, _ofBattle[k].Name);
    }

    /// <summary>Writes the names and means into a bundle.</summary>
    public Task SaveAsync(string folder) => File.WriteAllLinesAsync(
        Path.Combine(folder, FileName),
        _sides.Concat(_ofBattle).Select(number =>
            string.Create(CultureInfo.InvariantCulture, $"{number.Name}\t{number.Other}\t{number.Mean:R}")));

    /// <summary>Reads what <see cref="SaveAsync"/> wrote.</summary>
    /// <exception cref="InputException">The file is damaged.</exception>
    public static NumberColumns Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        return new NumberColumns(
        [
            .. File.ReadLines(path).Select(line => line.Split('\t') is [{ Length: > 0 } name, var other, var mean]
                && double.TryParse(mean, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                    ? new Number(name, other.Length > 0 ? other : null, value)
                    : throw new InputException($"{path} is damaged: \"{line}\" is no name with its mean. Train the judge again.")),
        ]);
    }

    private static bool IsOfBattle(string name, NumberOptions options) => options.OfBattle.Contains(name, StringComparer.Ordinal);

    private static InputException OneSided(string name, string other) =>
        new($"The number \"{name}\" is of one side only: there is no \"{other}\". Give both, so that the judge can exchange A and B.");

    private static InputException Undeclared(string name) =>
        new($"The number \"{name}\" ends neither in _a nor in _b, so it is of no side. If it is about the battle as a whole, the same when "
            + $"A and B are exchanged, say so: `battle-numbers` {name}.")
        {
            Parameters = ["battle-numbers"],
        };

    private static IReadOnlyDictionary<string, double> NeedsNumbers(Battle battle) => throw Missing($"Battle {battle.Id} has no numbers");

    private static InputException Missing(string what) =>
        new($"{what}, which the judge needs beside the texts. Give them: `numbers` FILE, with a row for each battle.")
        {
            Parameters = ["numbers"],
        };

    /// <summary>One number.</summary>
    /// <param name="Name">Its name; that of side A where both sides have it.</param>
    /// <param name="Other">The name of side B; null for a number of the battle as a whole.</param>
    /// <param name="Mean">Its mean in the training data, of both sides together.</param>
    private sealed record Number(string Name, string? Other, double Mean)
    {
        /// <summary>The name as part of a column's name: letters, digits and underscores only.</summary>
        public string Label { get; } = string.Concat(
            (Other is null ? Name : Name[..^2]).Select(sign => char.IsAsciiLetterOrDigit(sign) ? char.ToLowerInvariant(sign) : '_'));

        public double Of(IReadOnlyDictionary<string, double> numbers, string name) =>
            Math.Clamp(numbers.TryGetValue(name, out var value) ? value : Mean, -Largest, Largest);
    }
}

/// <summary>What the recipe says about numbers that battles bring along.</summary>
internal sealed record NumberOptions
{
    /// <summary>The names of numbers about the battle as a whole, which stay as they are when A and B are exchanged.</summary>
    public IReadOnlyList<string> OfBattle { get; init; } = [];
}
