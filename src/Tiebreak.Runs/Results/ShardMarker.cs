using System.Text.Json;
using Tiebreak.Runs.Storage;

namespace Tiebreak.Runs.Results;

/// <summary>Says that a shard is finished, and how it went, so that whoever watches a run need not read its results.</summary>
/// <param name="Shard">The shard's name.</param>
/// <param name="Rows">Battles of the shard.</param>
/// <param name="Tokens">Their estimated tokens.</param>
/// <param name="Seconds">Time that the judge took.</param>
/// <param name="Machine">Where.</param>
/// <param name="Finished">When, by the clock of that machine.</param>
/// <param name="Failed">Battles that broke the judge.</param>
internal sealed record ShardMarker(
    string Shard, int Rows, long Tokens, double Seconds, string Machine, DateTimeOffset Finished, IReadOnlyList<FailedRow> Failed)
{
    public static string FileOf(string shard) => $"done/{shard}.json";

    /// <summary>The names of the finished shards.</summary>
    public static IEnumerable<string> Names(IRunStorage storage) =>
        storage.List("done").Select(name => Path.GetFileNameWithoutExtension(name));

    /// <summary>The marker of a shard, or null if it is not finished.</summary>
    public static ShardMarker? Read(IRunStorage storage, string shard)
    {
        try
        {
            return storage.Read(FileOf(shard)) is { } content ? JsonSerializer.Deserialize(content, RunJson.Default.ShardMarker) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes the marker. Of two workers that finished the same shard, the first one's stays.</summary>
    public void Write(IRunStorage storage) =>
        storage.TryPublish(FileOf(Shard), JsonSerializer.SerializeToUtf8Bytes(this, RunJson.Default.ShardMarker));
}

/// <summary>A battle that broke the judge, and got the preference of the fallback instead.</summary>
/// <param name="Row">Its place in the data, from 0.</param>
/// <param name="Id">Its id.</param>
/// <param name="Reason">What the judge said.</param>
public sealed record FailedRow(int Row, string Id, string Reason);
