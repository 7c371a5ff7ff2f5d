using System.Text.Json.Nodes;
using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.RealModels.Tests;

/// <summary>A judge fitted on the frozen states of a real model, by the command.</summary>
public sealed class ProbeTests(FetchedModels models) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// The bundle names its base by path and hash. Where the path is gone, as on another machine, the model that was fetched there serves.
    /// </summary>
    [Fact]
    public async Task A_probe_opens_wherever_its_model_has_been_fetched()
    {
        Directory.CreateSymbolicLink(_folder["minilm"], models.Folder("minilm"));
        BattleWriter.WriteJsonl(_folder["train.jsonl"], SyntheticBattles.Create(40));
        await models.RunAsync(
            "train", "probe", "--data", _folder["train.jsonl"], "--out", _folder["judge"], "--set", $"model={_folder["minilm"]}");
        Directory.Delete(_folder["minilm"]);

        var evaluation = JsonNode.Parse(await models.RunAsync(
            "evaluate", "--judge", _folder["judge"], "--data", _folder["train.jsonl"], "--json"))!;
        Assert.Equal(40, (int)evaluation["rows"]!);
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(
            Path.Combine(_folder["judge"], "judge.json"), TestContext.Current.CancellationToken))!;
        Assert.Equal(("mean", "probe"), ((string)manifest["recipe"]!["pooling"]!, (string)manifest["recipe"]!["head"]!));
        Assert.Equal("apache-2.0", (string)manifest["licences"]![0]!["licence"]!);
    }

    [SlowFact]
    public async Task A_probe_says_the_same_through_the_API_as_in_files()
    {
        BattleWriter.WriteJsonl(_folder["train.jsonl"], SyntheticBattles.Create(40));
        await models.RunAsync(
            "train", "probe", "--data", _folder["train.jsonl"], "--out", _folder["judge"], "--set", $"model={models.Folder("minilm")}");
        await new ServedLikePredicted(_folder, models.RunAsync, SyntheticBattles.Create(20, seed: 4, labelled: false))
            .HoldsAsync(_folder["judge"], isSymmetric: true);
    }

    /// <summary>Prompts that mean the same are near, whatever their words are.</summary>
    [Fact]
    public async Task The_nearest_battle_is_the_one_that_asks_the_same()
    {
        string[] prompts = ["How can I put the items of a Python list into order?", "Tell me about sorting post.", "Bake me a cake."];
        BattleWriter.WriteJsonl(
            _folder["data.jsonl"], [.. SyntheticBattles.Create(3).Select((battle, i) => battle with { Turns = [new(prompts[i], "a", "b")] })]);
        var found = JsonNode.Parse(await models.RunAsync(
            "data", "nearest", "--data", _folder["data.jsonl"], "--prompt", "sort a list in python", "--embedder", "minilm", "--json"))!;
        Assert.True((bool)found["by_meaning"]!);
        Assert.Equal(prompts[0], (string)found["nearest"]![0]!["prompt"]!);
    }
}
