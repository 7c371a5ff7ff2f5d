using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Tiebreak.Core.Judging;

namespace Tiebreak.Core.Tests.Judging;

public sealed class RecipeTests
{
    [Fact]
    public void What_the_recipe_leaves_out_keeps_its_default()
    {
        var options = Bind("""{"inner":{"size":7}}""");
        Assert.Equal((7, 0.5, 3), (options.Inner.Size, options.Inner.Share, options.Rounds));
    }

    [Theory]
    [InlineData("""{"ronds":1}""", "unknown key \"ronds\"")]
    [InlineData("""{"inner":{"sise":1}}""", "unknown key \"inner.sise\"")]
    [InlineData("""{"ronds":1}""", "are rounds, ")]
    [InlineData("""{"size":1}""", "are inner.size, ")]
    [InlineData("""{"inner":3}""", "\"inner\" is a section")]
    [InlineData("""{"inner":{"size":"many"}}""", "\"inner.size\" has a value of the wrong type")]
    [InlineData("""{"rounds":1.5}""", "\"rounds\" has a value of the wrong type")]
    public void What_cannot_be_meant_is_refused_by_name(string json, string reason) =>
        Assert.Contains(reason, Assert.Throws<InputException>(() => Bind(json)).Message, StringComparison.Ordinal);

    private static Options Bind(string json)
    {
        var snakeCase = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        var type = (JsonTypeInfo<Options>)snakeCase.GetTypeInfo(typeof(Options));
        return new Recipe("test", JsonNode.Parse(json)!.AsObject()).Bind(type, new Options());
    }

    internal sealed record Options
    {
        public Inner Inner { get; init; } = new();

        public int Rounds { get; init; } = 3;
    }

    internal sealed record Inner
    {
        public int Size { get; init; } = 1;

        public double Share { get; init; } = 0.5;
    }
}
