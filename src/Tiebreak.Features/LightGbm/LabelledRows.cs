using Tiebreak.Core.Battles;
using Tiebreak.Features.Counted;

namespace Tiebreak.Features.LightGbm;

/// <summary>Rows of features with what people said and how much each row counts.</summary>
/// <param name="Features">One row per battle.</param>
/// <param name="Targets">Their labels.</param>
/// <param name="Weights">How much each counts.</param>
internal sealed record LabelledRows(FeatureMatrix Features, IReadOnlyList<Preference> Targets, IReadOnlyList<double> Weights)
{
    /// <summary>Every row, then every row with A and B exchanged.</summary>
    public LabelledRows InBothOrders(FeatureSchema schema)
    {
        var rows = Features.Rows;
        var doubled = new FeatureMatrix(2 * rows, Features.Columns);
        Features.Values.CopyTo(doubled.Values, 0);
        for (var i = 0; i < rows; i++)
            schema.Swap(Features[i], doubled[rows + i]);
        return new LabelledRows(doubled, [.. Targets, .. Targets.Select(target => target.Swapped())], [.. Weights, .. Weights]);
    }

    /// <summary>Some rows, in the order given.</summary>
    public LabelledRows Rearranged(IReadOnlyList<int> rows) =>
        new(Features.Rearranged(rows), [.. rows.Select(i => Targets[i])], [.. rows.Select(i => Weights[i])]);
}
