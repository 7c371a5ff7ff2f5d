using Tiebreak.Features.Counted.Groups;

namespace Tiebreak.Features.Counted;

/// <summary>
/// Multiplies the differences in looks of two responses by how much they may say (<see cref="StyleFreeGroup"/>): at 0 trees and linear
/// models see two responses of equal length, layout and wording. What is said beside the looks stays: refusals and tone, signs of careless
/// writing, the language, and what other models or people found out (numbers, states, writers).
/// </summary>
internal sealed class StyleFading
{
    private static readonly string[] Content = ["phrases", "grammar", "language", NumberColumns.Group, "models", "states"];

    private readonly int _weight;
    private readonly int[] _looks;

    private StyleFading(int weight, int[] looks) => (_weight, _looks) = (weight, looks);

    /// <summary>What fades of a row with these columns; null where nothing does.</summary>
    public static StyleFading? Of(IReadOnlyList<FeatureColumn> columns)
    {
        var weight = columns.Index().Where(column => string.Equals(column.Item.Name, StyleFreeGroup.Weight, StringComparison.Ordinal))
            .Select(column => column.Index).FirstOrDefault(-1);
        return weight < 0 ? null : new StyleFading(
            weight,
            [
                .. Enumerable.Range(0, columns.Count).Where(k =>
                    columns[k].IsAntisymmetric && !Content.Contains(columns[k].Group, StringComparer.Ordinal)),
            ]);
    }

    /// <summary>Fades a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="from">The first column that may fade: those before it have faded already.</param>
    public void Fade(Span<float> row, int from = 0)
    {
        var weight = row[_weight];
        if (weight == 1)
            return;
        foreach (var k in _looks)
        {
            if (k >= from)
                row[k] *= weight;
        }
    }
}
