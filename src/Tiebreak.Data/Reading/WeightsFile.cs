using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Files;

namespace Tiebreak.Data.Reading;

/// <summary>
/// How much battles count, by id: a CSV, Parquet or JSON file with the columns <c>id</c> and <c>weight</c>, or with one column of numbers
/// whatever its name.
/// </summary>
internal sealed class WeightsFile
{
    /// <summary>The largest weight: a battle that counts as much as a million others is a mistake.</summary>
    public const double Largest = 1e6;

    private const string Weight = "weight";

    private readonly string _path;
    private readonly NumbersFile _numbers;
    private readonly int _place;

    private WeightsFile(string path, NumbersFile numbers, int place, DataFingerprint fingerprint) =>
        (_path, _numbers, _place, Fingerprint) = (path, numbers, place, fingerprint);

    /// <summary>What the file was when it was read.</summary>
    public DataFingerprint Fingerprint { get; }

    /// <summary>The ids of all rows.</summary>
    public IReadOnlyCollection<string> Ids => _numbers.Ids;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">The file cannot be read, or has several columns and none called weight.</exception>
    public static WeightsFile Read(string path, CancellationToken cancellationToken)
    {
        var numbers = NumbersFile.Read(path, cancellationToken);
        var place = numbers.Columns.Count == 1
            ? 0
            : numbers.Columns.ToList().FindIndex(name => string.Equals(name, Weight, StringComparison.OrdinalIgnoreCase));
        if (place < 0)
        {
            throw new InputException(
                $"{path} has no column \"{Weight}\"; it has {ColumnNames.List(numbers.Columns)}. Give the columns id and {Weight}.");
        }

        var fingerprint = new DataFingerprint(Path.GetFileName(path), numbers.Ids.Count, FileSha256.Of(path));
        return new WeightsFile(path, numbers, place, fingerprint);
    }

    /// <summary>Writes weights, whole or not at all: <c>id,weight</c>.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="battles">The battles.</param>
    /// <param name="weights">One per battle.</param>
    /// <exception cref="InputException">Two battles have the same id.</exception>
    /// <exception cref="TiebreakException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<Battle> battles, IReadOnlyList<double> weights)
    {
        if (battles.CountBy(battle => battle.Id, IdComparer.Instance).FirstOrDefault(id => id.Value > 1) is { Key: { } twice })
            throw new InputException($"Several battles have the id {twice}, and weights are by id. Give every battle an id of its own.");

        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
            writer.WriteLine($"id,{Weight}");
            foreach (var (battle, weight) in battles.Zip(weights))
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{CsvText.Quote(battle.Id)},{weight:R}"));
        });
    }

    /// <summary>The weight of a battle; null where the file has no row for it, or none in its row.</summary>
    /// <exception cref="InputException">The weight is below 0 or too large.</exception>
    public double? Find(string id)
    {
        if (_numbers.Find(id) is not { } row || double.IsNaN(row[_place]))
            return null;
        return row[_place] is >= 0 and <= Largest and var weight
            ? weight
            : throw new InputException(string.Create(
                CultureInfo.InvariantCulture,
                $"{_path} gives battle {id} the weight {row[_place]:G6}; weights go from 0 to {Largest:N0}. Scale all of them alike."));
    }
}
