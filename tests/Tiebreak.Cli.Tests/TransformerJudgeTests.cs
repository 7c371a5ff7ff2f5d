using System.Diagnostics;
using System.Numerics.Tensors;
using Parquet;
using Parquet.Data;
using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Testing;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Heads;

namespace Tiebreak.Cli.Tests;

/// <summary>Transformer judges through the command line, on small random folders: every verb works without knowing the kind.</summary>
public sealed class TransformerJudgeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gemma")]
    [InlineData("deberta")]
    public async Task From_a_published_folder_to_a_submission(string name)
    {
        var model = name is "gemma" ? TransformerFolder.Gemma(_folder) : TransformerFolder.Deberta(_folder);
        var recipe = Recipe($"model: {model}\nmax_tokens: {(name is "gemma" ? 200 : 24)}\n");
        var (train, test) = (Battles("train.jsonl", 80), Test("test.csv", 60));

        var trained = await CommandRun.OkAsync(
            "train", recipe, "--data", train, "--out", _folder["judge"], "--oof", _folder["oof.csv"], "--json");
        Assert.InRange((double)trained.Json["validation"]!["log_loss"]!, 0.8, 1.3);
        Assert.Equal("classifier", (string)trained.Json["training"]!["head"]!);

        var predicted = await CommandRun.OkAsync(
            "predict", "--judge", _folder["judge"], "--data", test, "--out", _folder["s.csv"], "--json");
        Assert.Equal(60, (int)predicted.Json["rows"]!);
        var cut = predicted.Json["truncation"]!;
        Assert.Equal(60, (int)cut["battles"]!);
        Assert.InRange((int)cut["cut"]!, 1, 60);
        Assert.True((long)cut["parts"]![1]!["lost"]! > 0);
        await CommandRun.OkAsync("submission", "check", _folder["s.csv"], "--test", test);

        var said = await CommandRun.OkAsync(
            "predict", "--judge", _folder["judge"], "--data", test, "--out", _folder["never.csv"], "--swap", "never");
        Assert.Contains("of 60 battles were cut", said.Output, StringComparison.Ordinal);
        Assert.NotEqual(await File.ReadAllTextAsync(_folder["s.csv"]), await File.ReadAllTextAsync(_folder["never.csv"]));

        var evaluated = await CommandRun.OkAsync("evaluate", "--judge", _folder["judge"], "--data", train, "--json");
        Assert.Equal(80, (int)evaluated.Json["rows"]!);

        var compared = await CommandRun.OkAsync(
            "compare", "--judge", _folder["judge"], "--prompt", "question", "--a", "good good tree", "--b", "quiet stone", "--json");
        var (asGiven, exchanged, mean) = (compared.Json["as_given"]!, compared.Json["exchanged"]!, compared.Json["preference"]!);
        Assert.NotEqual((double)asGiven["a"]!, (double)exchanged["a"]!);
        Assert.InRange(
            (double)mean["a"]!,
            Math.Min((double)asGiven["a"]!, (double)exchanged["a"]!) - 0.2,
            Math.Max((double)asGiven["a"]!, (double)exchanged["a"]!) + 0.2);
    }

    [Theory]
    [InlineData("generator", nameof(HeadKind.Generator), 3, "template: chat\nanswers: { a: [A], b: [B], tie: [tie, C] }\n")]
    [InlineData("reward", nameof(HeadKind.Classifier), 1, "ties: davidson\n")]
    [InlineData(
        "regression",
        nameof(HeadKind.Classifier),
        1,
        "template: { layout: sections, prompt_label: 'P ', response_a_label: ' A ', response_b_label: ' B ' }\n")]
    public async Task Other_heads(string head, string kindName, int outputs, string more)
    {
        var kind = Enum.Parse<HeadKind>(kindName);
        var recipe = Recipe($"model: {TransformerFolder.Gemma(_folder, kind, outputs)}\nhead: {head}\nmax_tokens: 500\n{more}");
        var trained = await CommandRun.OkAsync("train", recipe, "--data", Battles("train.jsonl", 60), "--out", _folder["judge"]);
        Assert.Contains("Fitted on the votes: scale", trained.Output, StringComparison.Ordinal);
        Assert.Contains(head is "generator" ? "(A, B, tie)" : "tie parameter", trained.Output, StringComparison.Ordinal);

        var predicted = await CommandRun.OkAsync(
            "predict", "--judge", _folder["judge"], "--data", Test("test.csv", 20), "--out", _folder["s.csv"], "--json");
        Assert.Equal(0, (int)predicted.Json["truncation"]!["cut"]!);
    }

    [Theory]
    [InlineData("classifier", nameof(HeadKind.Classifier), 3)]
    [InlineData("zero-shot", nameof(HeadKind.Generator), 3)]
    [InlineData("reward", nameof(HeadKind.Classifier), 1)]
    public async Task Recipes_that_come_with_Tiebreak(string name, string kindName, int outputs)
    {
        var kind = Enum.Parse<HeadKind>(kindName);
        var model = TransformerFolder.Gemma(_folder, kind, outputs);
        await CommandRun.OkAsync(
            "train", name, "--data", Battles("train.jsonl", 40), "--out", _folder["judge"], "--set",
            $"model={model}", "--set", "max_tokens=600");
        await CommandRun.OkAsync("predict", "--judge", _folder["judge"], "--data", Test("test.csv", 10), "--out", _folder["s.csv"]);
    }

    [Fact]
    public async Task Zero_shot_with_a_model_without_chat_tokens_is_refused_with_an_advice_that_works()
    {
        var model = TransformerFolder.Gemma(_folder, HeadKind.Generator, 3);
        var tokenizer = await File.ReadAllTextAsync(Path.Combine(model, "tokenizer.json"));
        await File.WriteAllTextAsync(
            Path.Combine(model, "tokenizer.json"), tokenizer.Replace("_of_turn", "_of_part", StringComparison.Ordinal));
        string[] train =
        [
            "train", "zero-shot", "--data", Battles("train.jsonl", 40), "--out", _folder["judge"], "--set", $"model={model}", "--set",
            "max_tokens=600",
        ];

        var refused = await CommandRun.OfAsync(train);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("template.is_chat=false", refused.Errors, StringComparison.Ordinal);

        await CommandRun.OkAsync([.. train, "--set", "template.is_chat=false"]);
    }

    [Fact]
    public async Task A_run_keeps_a_budget_and_falls_back_where_the_model_fails()
    {
        // The letter z, which one battle alone has, makes every number infinite.
        var model = TransformerFolder.Gemma(_folder, change: tensors => tensors["model.embed_tokens.weight"][(long)'z'].fill_(1e38f));
        await CommandRun.OkAsync(
            "train", Recipe($"model: {model}\nmax_tokens: 200\n"), "--data", Battles("train.jsonl", 60), "--out", _folder["judge"]);
        BattleWriter.WriteKaggleTest(
            _folder["test.csv"],
            [.. SyntheticBattles.Create(49, labelled: false), new() { Id = "77", Turns = [new("zero", "zoo", "buzz")] }]);
        var run = await CommandRun.OkAsync(
            "predict", "--judge", _folder["judge"], "--data", _folder["test.csv"], "--out", _folder["s.csv"], "--budget", "1h", "--json");
        Assert.True((bool)run.Json["complete"]!);
        Assert.Equal((49, 1), ((int)run.Json["both_orders"]!, (int)run.Json["class_shares"]!));
        Assert.Equal("77", (string)run.Json["failed"]![0]!["id"]!);
        Assert.Contains("not finite for battle 77", (string)run.Json["failed"]![0]!["reason"]!, StringComparison.Ordinal);
        Assert.Equal(50, (int)run.Json["truncation"]!["battles"]!);
        await CommandRun.OkAsync("submission", "check", _folder["s.csv"], "--test", _folder["test.csv"]);
    }

    [Fact]
    public async Task A_run_that_was_killed_goes_on_to_the_same_bytes()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a process is killed the Unix way");
        var recipe = Recipe($"model: {TransformerFolder.Deberta(_folder)}\nmax_tokens: 96\n");
        await CommandRun.OkAsync("train", recipe, "--data", Battles("train.jsonl", 40), "--out", _folder["judge"]);
        string[] predict = ["predict", "--judge", _folder["judge"], "--data", Test("test.csv", 9_000), "--threads", "1"];
        await CommandRun.OkAsync([.. predict, "--out", _folder["whole.csv"], "--run", _folder["whole"]]);

        using (var process = Process.Start(new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "tiebreak.dll"), .. predict, "--out", _folder["s.csv"], "--run", _folder["run"]])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!)
        {
            while (!process.HasExited && (!Directory.Exists(_folder["run"]) || !Directory.Exists(_folder["run/done"])
                || Directory.GetFiles(_folder["run/done"]).Length < 2))
            {
                await Task.Delay(5);
            }

            process.Kill();
            await process.WaitForExitAsync();
        }

        var status = await CommandRun.OkAsync("status", "--run", _folder["run"], "--json");
        Assert.False((bool)status.Json["ended"]!);
        await CommandRun.OkAsync([.. predict, "--out", _folder["s.csv"], "--run", _folder["run"], "--resume"]);
        Assert.Equal(await File.ReadAllBytesAsync(_folder["whole.csv"]), await File.ReadAllBytesAsync(_folder["s.csv"]));
    }

    [Fact]
    public async Task Hidden_states_as_parquet()
    {
        var model = TransformerFolder.Deberta(_folder);
        BattleWriter.WriteJsonl(
            _folder["odd.jsonl"],
            [.. SyntheticBattles.Create(3, labelled: false), new() { Id = "null", Turns = [new("question", null, "good tree")] }]);
        var run = await CommandRun.OkAsync(
            "embed", "--model", model, "--data", _folder["odd.jsonl"], "--out", _folder["e.parquet"], "--max-tokens", "64", "--json");
        Assert.Equal((4, 16), ((int)run.Json["rows"]!, (int)run.Json["size"]!));

        var columns = await ReadAsync(_folder["e.parquet"]);
        Assert.Equal(["5000000000", "5000000001", "5000000002", "null"], columns.Ids);
        Assert.All(["prompt", "response_b", "pair"], name => Assert.All(columns.Vectors[name], vector => Assert.Equal(16, vector!.Length)));
        Assert.Null(columns.Vectors["response_a"][3]);
        Assert.Equal(16, columns.Vectors["response_a"][2]!.Length);
        Assert.NotEqual(columns.Vectors["response_a"][0], columns.Vectors["response_b"][0]);

        // A judge's own states; a row does not depend on its neighbours.
        await CommandRun.OkAsync(
            "train", Recipe($"model: {model}\nmax_tokens: 64\n"), "--data", Battles("train.jsonl", 40), "--out", _folder["judge"]);
        await CommandRun.OkAsync(
            "embed", "--judge", _folder["judge"], "--data", _folder["odd.jsonl"], "--out", _folder["j.parquet"], "--pooling", "token");
        BattleWriter.WriteJsonl(_folder["one.jsonl"], [new() { Id = "null", Turns = [new("question", null, "good tree")] }]);
        await CommandRun.OkAsync(
            "embed", "--judge", _folder["judge"], "--data", _folder["one.jsonl"], "--out", _folder["o.parquet"], "--pooling", "token");
        var (many, one) = (await ReadAsync(_folder["j.parquet"]), await ReadAsync(_folder["o.parquet"]));
        Assert.All(many.Vectors["pair"][3]!.Zip(one.Vectors["pair"][0]!), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));

        var refused = await CommandRun.OfAsync("embed", "--data", _folder["odd.jsonl"], "--out", _folder["x.parquet"]);
        Assert.Contains("either --judge BUNDLE or --model FOLDER", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hidden_states_in_int8_are_near_those_in_float()
    {
        var model = TransformerFolder.Deberta(_folder);
        BattleWriter.WriteJsonl(_folder["three.jsonl"], SyntheticBattles.Create(3, labelled: false));
        foreach (var compute in new[] { "float", "int8" })
        {
            await CommandRun.OkAsync(
                "embed", "--model", model, "--data", _folder["three.jsonl"], "--out", _folder[$"{compute}.parquet"], "--compute", compute);
        }

        var (exact, rounded) = (await ReadAsync(_folder["float.parquet"]), await ReadAsync(_folder["int8.parquet"]));
        for (var row = 0; row < 3; row++)
        {
            var (one, other) = (exact.Vectors["pair"][row]!, rounded.Vectors["pair"][row]!);
            Assert.NotEqual(one, other);
            Assert.InRange(TensorPrimitives.CosineSimilarity<float>(one, other), 0.95f, 1.0001f);
        }
    }

    [Fact]
    public async Task Duplicates_by_the_meaning_that_a_model_sees()
    {
        var model = TransformerFolder.Deberta(_folder);
        Battle[] battles = [.. SyntheticBattles.Create(3, labelled: false)];
        BattleWriter.WriteJsonl(_folder["data.jsonl"], [.. battles, battles[1].Swapped() with { Id = "again" }]);
        string[] dedup = ["data", "dedup", "--data", _folder["data.jsonl"], "--out", _folder["kept.jsonl"], "--embedder", model, "--json"];
        var run = await CommandRun.OkAsync([.. dedup, "--cosine", "0.999999"]);
        var duplicate = run.Json["groups"]![0]!["duplicates"]![0]!;
        Assert.Equal((3, "again", true), ((int)run.Json["rows"]!, (string)duplicate["id"]!, (bool)duplicate["swapped"]!));

        var audit = await CommandRun.OkAsync(
            "data", "audit", "--data", _folder["data.jsonl"], "--match", "meaning", "--embedder", model, "--cosine", "0.999999", "--json");
        Assert.Equal(2, (int)audit.Json["findings"]!["prompt_of_the_same_meaning"]!);
        Assert.Contains(
            "--cosine must be above 0", (await CommandRun.OfAsync([.. dedup, "--cosine", "0"])).Errors, StringComparison.Ordinal);
        Assert.Contains("--embedder compares by meaning, which --match near does not", (await CommandRun.OfAsync([.. dedup, "--match", "near"])).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Splits_and_policies_that_read_prompts_by_their_meaning()
    {
        var model = TransformerFolder.Deberta(_folder);
        BattleWriter.WriteJsonl(_folder["votes.jsonl"], new PlantedBattles(effect: 2).Create(80));
        var split = await CommandRun.OkAsync(
            "data", "split", "--data", _folder["votes.jsonl"], "--out", _folder["a.jsonl"], _folder["b.jsonl"], "--embedder", model,
            "--cosine", "0.999999", "--json");
        Assert.Equal(80, split.Json["parts"]!.AsArray().Sum(part => (int)part!["rows"]!));
        Assert.InRange((int)split.Json["meanings"]!["groups"]!, 2, (int)split.Json["meanings"]!["prompts"]!);

        _folder.Write("costs.yaml", "titan-large: { per_answer: 9 }\ncoder-1: { per_answer: 2 }\ntiny-1: { per_answer: 1 }\n");
        var trained = await CommandRun.OkAsync(
            "route", "train", _folder["votes.jsonl"], "--costs", _folder["costs.yaml"], "--reference", "titan-large", "--out",
            _folder["policy"], "--prompts", "always", "--folds", "2", "--embedder", model, "--json");
        Assert.Equal("deberta", (string)trained.Json["embedder"]!);
        string[] choose = ["route", "choose", _folder["policy"], "--prompt", "Write a function that sorts doors.", "--json"];
        if ((bool)trained.Json["uses_prompts"]!)
        {
            Assert.Contains("Name its folder as --embedder", (await CommandRun.OfAsync(choose)).Errors, StringComparison.Ordinal);
        }

        var chosen = await CommandRun.OkAsync([.. choose, "--embedder", model]);
        Assert.Contains((string)chosen.Json["model"]!, PlantedBattles.Models);
        await CommandRun.OkAsync("route", "evaluate", _folder["policy"], "--data", _folder["votes.jsonl"], "--embedder", model);
    }

    [Theory]
    [InlineData("", "\"model\" is missing")]
    [InlineData("model: nowhere\n", "names nowhere, which is no folder")]
    public async Task A_recipe_without_a_model(string recipe, string said)
    {
        var run = await CommandRun.OfAsync("train", Recipe(recipe), "--data", Battles("train.jsonl", 20), "--out", _folder["judge"]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gemma-2", 256_000)]
    [InlineData("deberta-v3", 128_100)]
    public async Task With_the_tokenizers_of_published_models(string family, int vocabulary)
    {
        var source = Repository.Shared("golden", "tokenizers", family);
        var model = family is "gemma-2"
            ? TransformerFolder.Gemma(_folder, HeadKind.Generator, vocabulary: vocabulary)
            : TransformerFolder.Deberta(_folder, vocabulary);
        foreach (var file in Directory.GetFiles(source).Where(file => CheckpointFiles.IsTokenizer(Path.GetFileName(file))))
            File.Copy(file, Path.Combine(model, Path.GetFileName(file)), overwrite: true);
        File.Delete(Path.Combine(model, "vocab.txt"));

        var recipe = Recipe($"model: {model}\nmax_tokens: 100\n{(family is "gemma-2" ? "head: generator\n" : "")}");
        await CommandRun.OkAsync("train", recipe, "--data", Battles("train.jsonl", 30), "--out", _folder["judge"]);
        await CommandRun.OkAsync("predict", "--judge", _folder["judge"], "--data", Test("test.csv", 10), "--out", _folder["s.csv"]);
    }

    private string Recipe(string lines) => _folder.Write("recipe.yaml", $"kind: transformer\nfolds: 3\n{lines}");

    private string Battles(string name, int count)
    {
        BattleWriter.WriteJsonl(_folder[name], SyntheticBattles.Create(count));
        return _folder[name];
    }

    private string Test(string name, int count)
    {
        BattleWriter.WriteKaggleTest(_folder[name], SyntheticBattles.Create(count, seed: 9, labelled: false));
        return _folder[name];
    }

    private static async Task<(List<string> Ids, Dictionary<string, List<float[]?>> Vectors)> ReadAsync(string path)
    {
        await using var reader = await ParquetReader.CreateAsync(path);
        using var group = reader.OpenRowGroupReader(0);
        var fields = reader.Schema.GetDataFields();
        using var text = (RawColumnData<ReadOnlyMemory<char>>)await group.ReadRawColumnDataBaseAsync(fields[0]);
        List<string> ids = [.. text.Values.ToArray().Select(id => id.ToString())];
        var vectors = new Dictionary<string, List<float[]?>>(StringComparer.Ordinal);
        foreach (var (name, field) in reader.Schema.Fields.Skip(1).Select((column, i) => (column.Name, fields[i + 1])))
        {
            using var raw = (RawColumnData<float>)await group.ReadRawColumnDataBaseAsync(field);
            var (values, definitions, repetitions) = (raw.Values.ToArray(), raw.DefinitionLevels.ToArray(), raw.RepetitionLevels.ToArray());
            var (rows, at) = (new List<List<float>?>(), 0);
            for (var entry = 0; entry < definitions.Length; entry++)
            {
                if (repetitions[entry] == 0)
                    rows.Add(definitions[entry] == 0 ? null : []);
                if (definitions[entry] == field.MaxDefinitionLevel)
                    rows[^1]!.Add(values[at++]);
            }

            vectors[name] = [.. rows.Select(row => row?.ToArray())];
        }

        return (ids, vectors);
    }
}
