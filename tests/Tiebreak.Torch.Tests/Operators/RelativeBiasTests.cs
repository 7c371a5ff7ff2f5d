using Tiebreak.Torch.Kernels;
using Tiebreak.Torch.Operators;
using TorchSharp;

namespace Tiebreak.Torch.Tests.Operators;

/// <summary>Sums of scores by relative position against the definition.</summary>
public sealed class RelativeBiasTests
{
    public RelativeBiasTests() => TorchRuntime.Start();

    [Theory]
    [InlineData(1, 0, 1, 5, torch.ScalarType.Float32)]
    [InlineData(4, 3, 9, 5, torch.ScalarType.Float32)]
    [InlineData(3, 140, 150, 5, torch.ScalarType.BFloat16)] // more than one tile of keys
    [InlineData(37, 20, 57, 5, torch.ScalarType.Float32)]
    [InlineData(16, 0, 16, 16, torch.ScalarType.BFloat16)] // columns in the order of distances, as DeBERTa has them
    [InlineData(37, 23, 75, 40, torch.ScalarType.Float32)]
    [InlineData(50, 0, 50, 99, torch.ScalarType.BFloat16)]
    public void Every_pair_gets_both_scores_of_its_distance(int queries, int position, int keys, int columns, torch.ScalarType type)
    {
        const int heads = 2;
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(3);
        var byQuery = torch.randn([heads, queries, columns], generator: generator).to(type);
        var byKey = torch.randn([heads, keys, columns], generator: generator).to(type);
        int[] columnsByDistance = [.. Enumerable.Range(0, (2 * keys) - 1)
            .Select(i => columns < 16 ? i * i % columns : (columns - 1) * ((2 * keys) - 2 - i) / ((2 * keys) - 2))];
        var actual = RelativeBias.Sum(byQuery, byKey, position, new DistanceColumns(columnsByDistance, columns), scale: 0.5f);

        Assert.Equal([heads, queries, keys], actual.shape);
        var (ofQueries, ofKeys) = (byQuery.to(torch.ScalarType.Float32), byKey.to(torch.ScalarType.Float32));
        for (var head = 0; head < heads; head++)
        {
            for (var query = 0; query < queries; query++)
            {
                for (var key = 0; key < keys; key++)
                {
                    var distance = position + query - key;
                    var column = columnsByDistance[keys - 1 - distance];
                    var expected = 0.5f * (ofQueries[head, query, column].item<float>() + ofKeys[head, key, column].item<float>());
                    Assert.Equal(expected, actual[head, query, key].item<float>());
                }
            }
        }

        Assert.Throws<ArgumentException>(
            () => RelativeBias.Sum(byQuery, byKey, keys - queries + 1, new DistanceColumns(columnsByDistance, columns), 1));
    }
}
