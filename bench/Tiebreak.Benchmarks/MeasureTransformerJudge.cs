using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Tokenization.Budgets;
using Tiebreak.Tokenization.Formats;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Sequences;
using TorchSharp;

namespace Tiebreak.Benchmarks;

/// <summary>
/// What a judge adds to its model: battles judged (written as tokens, sorted, packed, computed on the model's thread, read) against the
/// bare forward of the same tokens in the same batches.
/// </summary>
internal static class MeasureTransformerJudge
{
    private const int Battles = 16;
    private const int Rounds = 3;
    private const int BatchTokens = 4096;

    public static async Task<int> RunAsync(string tokenizer)
    {
        var folder = Directory.CreateTempSubdirectory("tiebreak-bench-").FullName;
        try
        {
            RandomLlama.Write(folder, RandomLlama.HalfBillion(vocabulary: 128_256));
            foreach (var file in Directory.GetFiles(tokenizer).Where(file => CheckpointFiles.IsTokenizer(Path.GetFileName(file))))
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            await MeasureAsync(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    private static async Task MeasureAsync(string folder)
    {
        var type = Cpu.HasBFloat16 ? "bfloat16" : "float32";
        var recipe = JudgeRecipe.Read(new Recipe(
            "transformer", new JsonObject { ["model"] = folder, ["max_tokens"] = 512, ["dtype"] = type, ["batch_tokens"] = BatchTokens }));
        var placement = new Placement();
        var opened = await OpenedModel.LoadAsync(recipe, folder, chat: null, placement);
        await using var judge = new TransformerJudge(opened, recipe, placement.Threads);
        Battle[] battles = [.. Enumerable.Range(0, Battles).Select(i =>
            new Battle { Id = $"{i}", Turns = [new Turn(Words(i, 40), Words(i + 1, 20 * (i + 1)), Words(i + 2, 16 * (i + 1)))] })];
        var fitter = new BattleFitter(TokenizerFile.Open(folder), recipe.Template, recipe.Strategy, 512);
        TokenSequence[] rows = [.. battles.Select(battle => new TokenSequence(battle.Id, fitter.Fit(battle).Ids))];
        TokenSequence[][] batches = [.. TokenBatches.Pack([.. rows.Select(row => row.Tokens.Count)], BatchTokens)
            .Select(batch => batch.Select(row => rows[row]).ToArray())];
        var tokens = rows.Sum(row => row.Tokens.Count);

        using var worker = new TorchWorker("bare forward");
        using var model = await worker.RunAsync(() => TransformerModel.Load(folder, recipe.Type));
        var (asJudge, bare) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            bare = Math.Min(bare, await worker.RunAsync(() => Bare(model, batches)));
            var clock = Stopwatch.StartNew();
            _ = await judge.JudgeAsync(battles);
            asJudge = Math.Min(asJudge, clock.Elapsed.TotalSeconds);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            | {Battles} battles, {tokens:N0} tokens, {type} | seconds | tokens/s |
            |---|---|---|
            | bare forward, last token, head | {bare:F2} | {tokens / bare:F0} |
            | judge, from texts to preferences | {asJudge:F2} | {tokens / asJudge:F0} |
            """));
    }

    private static double Bare(TransformerModel model, TokenSequence[][] batches)
    {
        using var mode = torch.inference_mode();
        var clock = Stopwatch.StartNew();
        foreach (var batch in batches)
        {
            using var scope = torch.NewDisposeScope();
            var packed = new PackedTokens(batch);
            _ = model.Head.Forward(model.Layers.Forward(packed, model.Backbone.Pooling)).cpu();
        }

        return clock.Elapsed.TotalSeconds;
    }

    private static string Words(int seed, int count)
    {
        var text = new System.Text.StringBuilder();
        new SyntheticText(new Random(seed)).Append(text, 5 * count);
        return text.ToString();
    }
}
