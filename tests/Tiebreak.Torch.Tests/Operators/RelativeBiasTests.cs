using Tiebreak.Torch.Operators;
using TorchSharp;

namespace Tiebreak.Torch.Tests.Operators;

/// <summary>Sums of scores by relative position against the definition.</summary>
public sealed class RelativeBiasTests
{
    public RelativeBiasTests() => TorchRuntime.Start();

    [Theory]
    [InlineData(1, 0, 1, torch.ScalarType.Float32)]
    [InlineData(4, 3, 9, torch.ScalarType.Float32)]
    [InlineData(3, 140, 150, torch.ScalarType.BFloat16)] // more than one tile of keys
    public void Every_pair_gets_both_scores_of_its_distance(int queries, int position, int keys, torch.ScalarType type)
    {
        const int heads = 2, columns = 5;
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(3);
        var byQuery = torch.randn([heads, queries, columns], generator: generator).to(type);
        var byKey = torch.randn([heads, keys, columns], generator: generator).to(type);
        int[] columnsByDistance = [.. Enumerable.Range(0, (2 * keys) - 1).Select(i => i * i % columns)];
        var actual = RelativeBias.Sum(byQuery, byKey, position, columnsByDistance, scale: 0.5f);

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

        Assert.Throws<ArgumentException>(() => RelativeBias.Sum(byQuery, byKey, keys - queries + 1, columnsByDistance, 1));
    }
}
