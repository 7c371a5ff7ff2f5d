using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;

namespace Tiebreak.Testing;

/// <summary>
/// Checks that a service says of battles what <c>tiebreak predict</c> writes, however it is asked: one by one, in a list, in a stream, and
/// by many callers whose battles share batches.
/// </summary>
/// <param name="folder">A place for files.</param>
/// <param name="run">Runs the command.</param>
/// <param name="battles">The battles.</param>
public sealed class ServedLikePredicted(TemporaryFolder folder, Func<string[], Task> run, IReadOnlyList<Battle> battles)
{
    private const int Callers = 16;
    private const int MostRounds = 50;
    private const double Tolerance = 1e-5;
    private const string Path = "/v1/judge?both_orders=true";

    /// <summary>Checks a judge.</summary>
    /// <param name="judge">The folder of its bundle.</param>
    /// <param name="isSymmetric">Whether it says the same in both orders.</param>
    public async Task HoldsAsync(string judge, bool isSymmetric)
    {
        var exchanged = await PredictAsync(judge, [.. battles.Select(battle => battle.Swapped())], "--swap", "never");
        var expected = new Answers(
            await PredictAsync(judge, battles), await PredictAsync(judge, battles, "--swap", "never"),
            [.. exchanged.Select(preference => preference.Swapped())]);
        Assert.Equal(battles.Count, expected.Preferences.Distinct().Count());
        Assert.Equal(isSymmetric, expected.AsGiven.SequenceEqual(expected.Exchanged));

        using var service = await ServedProcess.StartAsync(judge);
        AssertNear(expected, await AskOneByOneAsync(service));
        AssertNear(expected, Read((await AskAsync(service, $"[{string.Join(',', battles.Select(Json))}]"))["results"]!.AsArray()));
        AssertNear(expected, await AskStreamAsync(service));
        await ShareBatchesAsync(service, expected);
    }

    private static async Task<JsonNode> AskAsync(ServedProcess service, string json) => JsonNode.Parse(
        await service.PostAsync(Path, Encoding.UTF8.GetBytes(json), "application/json"))!;

    private async Task<Answers> AskOneByOneAsync(ServedProcess service)
    {
        var results = new List<JsonNode?>();
        foreach (var battle in battles)
            results.AddRange((await AskAsync(service, Json(battle)))["results"]!.AsArray());
        return Read(results);
    }

    private async Task<Answers> AskStreamAsync(ServedProcess service)
    {
        var asked = Encoding.UTF8.GetBytes(string.Join('\n', battles.Select(Json)));
        var answer = await service.PostAsync(Path, asked, "application/x-ndjson");
        return Read(answer.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)));
    }

    /// <summary>Many callers at once, all with the same battles in orders of their own, until a batch was shared.</summary>
    private async Task ShareBatchesAsync(ServedProcess service, Answers expected)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            var before = await service.BatchesAsync();
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
            {
                for (var i = 0; i < battles.Count; i++)
                {
                    var place = (i + (caller * 7)) % battles.Count;
                    AssertNear(expected.At(place), Read((await AskAsync(service, Json(battles[place])))["results"]!.AsArray()));
                }
            }));
            var after = await service.BatchesAsync();
            if (after.Battles - before.Battles > after.Batches - before.Batches)
                return;
        }

        Assert.Fail($"{MostRounds} times {Callers} callers asked at once, and no two of their battles were judged together.");
    }

    private async Task<Preference[]> PredictAsync(string judge, IReadOnlyList<Battle> asked, params string[] more)
    {
        var (data, submission) = (folder["asked.jsonl"], folder["asked.csv"]);
        await File.WriteAllLinesAsync(data, asked.Select(Json), TestContext.Current.CancellationToken);
        await run(["predict", "--judge", judge, "--data", data, "--out", submission, .. more]);
        return
        [
            .. (await File.ReadAllLinesAsync(submission, TestContext.Current.CancellationToken)).Skip(1)
                .Select(line => line.Split(',').Skip(1).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray())
                .Select(cells => new Preference(cells[0], cells[1], cells[2])),
        ];
    }

    private static string Json(Battle battle)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
            BattleJson.Write(json, battle);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static Answers Read(IEnumerable<JsonNode?> results)
    {
        var read = results.ToList();
        return new Answers(Of("preference"), Of("as_given"), Of("exchanged"));

        Preference[] Of(string key) => [.. read.Select(result => result![key]!)
            .Select(json => new Preference((double)json["a"]!, (double)json["b"]!, (double)json["tie"]!))];
    }

    private static void AssertNear(Answers expected, Answers actual)
    {
        AssertNear(expected.Preferences, actual.Preferences);
        AssertNear(expected.AsGiven, actual.AsGiven);
        AssertNear(expected.Exchanged, actual.Exchanged);
    }

    private static void AssertNear(Preference[] expected, Preference[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].A, actual[i].A, Tolerance);
            Assert.Equal(expected[i].B, actual[i].B, Tolerance);
            Assert.Equal(expected[i].Tie, actual[i].Tie, Tolerance);
        }
    }

    /// <summary>What a judge says of battles: as it decides, and in each order, where A always means A.</summary>
    private sealed record Answers(Preference[] Preferences, Preference[] AsGiven, Preference[] Exchanged)
    {
        public Answers At(int place) => new([Preferences[place]], [AsGiven[place]], [Exchanged[place]]);
    }
}
