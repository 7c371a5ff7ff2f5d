using System.Globalization;

namespace Tiebreak.Runs.Planning;

/// <summary>The unit of work: what a worker takes, finishes and hands in as one file.</summary>
/// <param name="Pass">What is asked.</param>
/// <param name="Number">Its place in the pass, from 0.</param>
/// <param name="Rows">Places of its battles in the data, from 0.</param>
/// <param name="Tokens">Estimated tokens of all its battles; see <see cref="TokenCost"/>.</param>
internal sealed record Shard(RunPass Pass, int Number, int[] Rows, long Tokens)
{
    /// <summary>For instance "first-00042".</summary>
    public string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"{Prefix(Pass)}{Number:D5}");

    /// <summary>What the names of a pass's shards begin with.</summary>
    public static string Prefix(RunPass pass) => pass switch
    {
        RunPass.Fallback => "fallback-",
        RunPass.First => "first-",
        _ => "second-",
    };
}
