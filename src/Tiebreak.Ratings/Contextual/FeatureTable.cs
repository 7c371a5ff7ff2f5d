using Tiebreak.Core;

namespace Tiebreak.Ratings.Contextual;

/// <summary>
/// What differs between the two sides of each vote besides the models: side A less side B, scaled to a root mean square of 1 and not
/// centred, so that exchanging the sides changes the sign and nothing else (centring would act as a hidden advantage of one side).
/// </summary>
public sealed class FeatureTable
{
    private FeatureTable(IReadOnlyList<string> names, double[] values, double[] scales) =>
        (Names, Values, Scales) = (names, values, scales);

    /// <summary>The names of the features.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The scaled differences, vote after vote: [votes, features].</summary>
    public double[] Values { get; }

    /// <summary>The root mean square of each feature before scaling.</summary>
    public double[] Scales { get; }

    /// <summary>Scales differences.</summary>
    /// <param name="names">The names of the features.</param>
    /// <param name="differences">Side A less side B, vote after vote: [votes, features]. Scaled in place.</param>
    /// <exception cref="InputException">A feature is the same on both sides of all votes, or not a number.</exception>
    public static FeatureTable Of(IReadOnlyList<string> names, double[] differences)
    {
        var (count, rows) = (names.Count, differences.Length / names.Count);
        var scales = new double[count];
        for (var i = 0; i < differences.Length; i++)
        {
            if (!double.IsFinite(differences[i]))
                throw new InputException($"The feature {names[i % count]} of vote {(i / count) + 1} is not a number.");
            scales[i % count] += differences[i] * differences[i] / rows;
        }

        for (var k = 0; k < count; k++)
        {
            scales[k] = Math.Sqrt(scales[k]);
            if (scales[k] == 0)
            {
                throw new InputException($"The feature {names[k]} is the same on both sides of every vote, so that nothing can be learned "
                    + "about it. Leave it out.");
            }
        }

        for (var i = 0; i < differences.Length; i++)
            differences[i] /= scales[i % count];
        return new FeatureTable(names, differences, scales);
    }

    /// <summary>The features at some votes.</summary>
    public FeatureTable At(IReadOnlyList<int> rows)
    {
        var values = new double[rows.Count * Names.Count];
        for (var i = 0; i < rows.Count; i++)
            Values.AsSpan(rows[i] * Names.Count, Names.Count).CopyTo(values.AsSpan(i * Names.Count));
        return new FeatureTable(Names, values, Scales);
    }
}
