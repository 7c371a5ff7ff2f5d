using Tiebreak.Core.Battles;
using Tiebreak.Features.Counted;

namespace Tiebreak.Features.Identification;

/// <summary>What is counted in a response apart from its words: the counted features of the judge, of one side.</summary>
internal static class WritingStyle
{
    private const string Prefix = "sum_";

    private static readonly CountedFeatures Counted =
        new(["length", "statistics", "readability", "markdown", "code", "phrases", "grammar"]);

    private static readonly int[] Columns =
        [.. Counted.Columns.Index().Where(column => column.Item.Name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(column => column.Index)];

    /// <summary>The names of the features.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Columns.Select(column => Counted.Columns[column].Name[Prefix.Length..])];

    /// <summary>Counts in a response. The features are sums over both sides of a battle, of which the other one is empty.</summary>
    public static float[] Of(string response)
    {
        var row = new float[Counted.Columns.Count];
        Counted.Fill(new Battle { Id = "", Turns = [new Turn(null, response, null)] }, row);
        return [.. Columns.Select(column => row[column])];
    }
}
