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
    private const int Prompts = 200;

    public static TheoryData<string, double, double> Paths => new()
    {
        { "bfloat16", 0.999, 0.9999 },
        { "W8A8", 0.99, 0.998 },
        { "int8", 0.99, 0.999 },
        { "nf4", 0.9, 0.98 },
    };

    /// <param name="path">How it is computed or stored.</param>
    /// <param name="least">The least cosine of a text's vector with that of float32.</param>
    /// <param name="mean">The least mean of the cosines.</param>
    [SlowTheory]
    [MemberData(nameof(Paths))]
    public async Task Embeddings_stay_near_those_of_float32(string path, double least, double mean)
    {
        var texts = Texts();
        var folder = models.Folder("minilm");
        using var packed = new TemporaryFolder();
        var expected = await EmbedAsync(folder, new EmbeddingOptions { Threads = 2 }, texts);
        var actual = path switch
        {
            "bfloat16" => await EmbedAsync(folder, new EmbeddingOptions { Type = DType.BFloat16, Threads = 2 }, texts),
            "W8A8" => await EmbedAsync(folder, new EmbeddingOptions { Compute = LinearCompute.Int8, Threads = 2 }, texts),
            _ => await EmbedAsync(
                await PackAsync(folder, packed["packed"], Enum.Parse<QuantizationFormat>(path, ignoreCase: true)),
                new EmbeddingOptions { Threads = 2 }, texts),
        };

        double[] cosines = [.. expected.Zip(actual, (one, other) => one.Zip(other).Sum(pair => (double)pair.First * pair.Second))];
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{path}: {texts.Length} texts, least cosine {cosines.Min():F5}, mean {cosines.Average():F5}"));
        Assert.InRange(cosines.Min(), least, 1.00001);
        Assert.InRange(cosines.Average(), mean, 1.00001);
    }

    private static string[] Texts() =>
    [
        .. BattleSet.Load([Repository.Shared("real", "kaggle", "train_head.csv")], new BattleReadOptions()).Battles
            .SelectMany(battle => new[] { battle.Turns[0].Prompt, battle.Turns[0].ResponseA })
            .Where(text => !string.IsNullOrWhiteSpace(text)).Take(2 * Prompts)!,
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
