using System.Globalization;
using Tiebreak.Data;
using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Embeddings;
using Tiebreak.Transformers.Export;

namespace Tiebreak.RealModels.Tests;

/// <summary>How far MiniLM's embeddings of real texts move where it is computed or stored in fewer bits than float32.</summary>
public sealed class DriftTests(FetchedModels models)
{
    private const int Battles = 50;

    [SlowFact]
    public async Task Embeddings_stay_near_those_of_float32()
    {
        var texts = Texts();
        var folder = models.Folder("minilm");
        using var packed = new TemporaryFolder();
        var options = new EmbeddingOptions { MaxTokens = 128, Threads = 2 };
        var expected = await EmbedAsync(folder, options, texts);

        // Least and mean cosine of a text's vector with that of float32.
        Near("bfloat16", 0.999, 0.9999, await EmbedAsync(folder, options with { Type = DType.BFloat16 }, texts));
        Near("W8A8", 0.97, 0.995, await EmbedAsync(folder, options with { Compute = LinearCompute.Int8 }, texts));
        Near("int8", 0.98, 0.997, await EmbedAsync(await PackAsync(folder, packed["int8"], QuantizationFormat.Int8), options, texts));
        Near("nf4", 0.85, 0.96, await EmbedAsync(await PackAsync(folder, packed["nf4"], QuantizationFormat.Nf4), options, texts));

        void Near(string path, double least, double mean, float[][] actual)
        {
            double[] cosines = [.. expected.Zip(actual, (one, other) => one.Zip(other).Sum(pair => (double)pair.First * pair.Second))];
            TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{path}: {texts.Length} texts, least cosine {cosines.Min():F5}, mean {cosines.Average():F5}"));
            Assert.InRange(cosines.Min(), least, 1.00001);
            Assert.InRange(cosines.Average(), mean, 1.00001);
        }
    }

    private static string[] Texts() =>
    [
        .. BattleSet.Load([Repository.Shared("real", "kaggle", "train_head.csv")], new BattleReadOptions()).Battles
            .Take(Battles).SelectMany(battle => new[] { battle.Turns[0].Prompt, battle.Turns[0].ResponseA })
            .Where(text => !string.IsNullOrWhiteSpace(text))!,
    ];

    private static async Task<float[][]> EmbedAsync(string folder, EmbeddingOptions options, string[] texts)
    {
        await using var embedder = await TextEmbedder.OpenAsync(folder, options, cancellationToken: TestContext.Current.CancellationToken);
        return await embedder.EmbedAsync(texts, TestContext.Current.CancellationToken);
    }

    private static async Task<string> PackAsync(string folder, string target, QuantizationFormat format)
    {
        var quantization = new QuantizeModel { Model = folder, Out = target, Options = new QuantizationOptions { Format = format }, Threads = 2 };
        _ = await quantization.RunAsync(TestContext.Current.CancellationToken);
        return target;
    }
}
