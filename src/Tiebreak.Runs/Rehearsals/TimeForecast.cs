using Tiebreak.Core.Battles;
using Tiebreak.Runs.Planning;
using Tiebreak.Runs.Results;
using Tiebreak.Runs.Storage;

namespace Tiebreak.Runs.Rehearsals;

/// <summary>
/// How long a judge will work on a test, from what it took for a rehearsal. Shards are cut by length, so each one tells the time of a
/// battle of its lengths; the rehearsal has more of the nastiest battles than a test will have, and the forecast weighs the shards as
/// ordinary battles would.
/// </summary>
internal static class TimeForecast
{
    /// <summary>The time of one order of a test.</summary>
    /// <param name="folder">The folder of the rehearsal's run.</param>
    /// <param name="rehearsal">The battles of the rehearsal.</param>
    /// <param name="ordinary">Battles like those of the test, any number.</param>
    /// <param name="rows">How many the test will have.</param>
    /// <returns>Seconds of judging, all workers together; null if no shard was finished.</returns>
    public static double? OfOneOrder(string folder, IReadOnlyList<Battle> rehearsal, IReadOnlyList<Battle> ordinary, int rows)
    {
        var (storage, tokens) = (new DiskStorage(folder), TokenCost.Of(rehearsal));
        var shards = ShardCutter.Cut(RunPass.First, ShardCutter.LongestFirst(tokens), tokens, ScoringRun.ReadManifest(folder).ShardSize);
        var seconds = shards.Select(shard => ShardMarker.Read(storage, shard.Name)?.Seconds).ToArray();
        if (Array.TrueForAll(seconds, time => time is null))
            return null;

        // A shard that there was no time for is taken to cost per token what the others did.
        var done = shards.Where((_, i) => seconds[i] is not null).Sum(shard => shard.Tokens);
        var perToken = seconds.Sum(time => time ?? 0) / done;
        var shortest = Array.ConvertAll(shards, shard => tokens[shard.Rows[^1]]);
        var share = (double)rows / ordinary.Count;
        return ordinary.Select(TokenCost.Of).Sum(cost =>
        {
            var shard = Array.FindIndex(shortest, least => cost >= least) is var found and >= 0 ? found : shards.Length - 1;
            return share * (seconds[shard] is { } time ? time / shards[shard].Rows.Length : perToken * cost);
        });
    }
}
