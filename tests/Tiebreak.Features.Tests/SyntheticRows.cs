using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;
using Tiebreak.Features.LightGbm;

namespace Tiebreak.Features.Tests;

/// <summary>Rows whose label depends on the first feature alone; all features are random numbers from 0 to 1.</summary>
internal static class SyntheticRows
{
    public static LabelledRows Create(int count, ulong seed, int features = 2)
    {
        var random = new SeededRandom(seed);
        var matrix = new FeatureMatrix(count, features);
        foreach (ref var value in matrix.Values.AsSpan())
            value = (float)random.NextDouble();
        return new LabelledRows(
            matrix,
            [.. Enumerable.Range(0, count).Select(i => matrix[i][0] > 0.5 ? new Preference(0.7, 0.1, 0.2) : new Preference(0.1, 0.7, 0.2))],
            [.. Enumerable.Repeat(1.0, count)]);
    }
}
