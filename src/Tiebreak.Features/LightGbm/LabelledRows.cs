using Tiebreak.Core.Battles;
using Tiebreak.Features.Counted;

namespace Tiebreak.Features.LightGbm;

/// <summary>Rows of features with what people said and how much each row counts.</summary>
/// <param name="Features">One row per battle.</param>
/// <param name="Targets">Their labels.</param>
/// <param name="Weights">How much each counts.</param>
/// <param name="Swapped">
/// Features of further rows, which are those of <paramref name="Features"/> with A and B exchanged; null where there are none.
/// </param>
internal sealed record LabelledRows(
    FeatureMatrix Features, IReadOnlyList<Preference> Targets, IReadOnlyList<double> Weights, FeatureMatrix? Swapped = null)
{
    /// <summary>Every row, then every row with A and B exchanged.</summary>
    public LabelledRows InBothOrders(FeatureSchema schema)
    {
        var swapped = new FeatureMatrix(Features.Rows, Features.Columns);
        for (var i = 0; i < Features.Rows; i++)
            schema.Swap(Features[i], swapped[i]);
        return new LabelledRows(Features, [.. Targets, .. Targets.Select(target => target.Swapped())], [.. Weights, .. Weights], swapped);
    }

    /// <summary>Some rows, in the order given.</summary>
    public LabelledRows Rearranged(IReadOnlyList<int> rows) =>
        new(Features.Rearranged(rows), [.. rows.Select(i => Targets[i])], [.. rows.Select(i => Weights[i])]);
}
