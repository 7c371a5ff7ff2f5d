using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Tokenization;
using Tiebreak.Tokenization.Formats;
using Tiebreak.Transformers.Embeddings;

namespace Tiebreak.RealModels.Tests;

/// <summary>Embeddings of the imported models against ONNX Runtime, which computes the files that they were imported from.</summary>
public sealed class EmbeddingTests(FetchedModels models)
{
    private static readonly string[] Texts =
    [
        "Name a prime number.",
        "What is the capital of France? Answer in one word.",
        "def add(a, b):\n    return a + b\n",
        "Café in Zürich – naïve résumé, 東京タワー, Привет, 😀.",
        "a",
        string.Concat(Enumerable.Repeat("A sentence about prime numbers, cats and the weather. ", 18)),
    ];

    [Theory]
    [InlineData("minilm", EmbeddingPooling.Mean)]
    [InlineData("arctic-xs", EmbeddingPooling.Token)]
    public async Task Vectors_are_those_of_ONNX_Runtime(string name, EmbeddingPooling pooling)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var folder = models.Folder(name);
        await using var embedder = await TextEmbedder.OpenAsync(
            folder, new EmbeddingOptions { MaxTokens = 512, Threads = 2 }, cancellationToken: cancellation);
        var vectors = await embedder.EmbedAsync(Texts, cancellation);

        var tokenizer = TokenizerFile.Open(folder);
        using var peer = new OnnxPeer(models.Onnx(name));
        foreach (var (text, vector) in Texts.Zip(vectors))
        {
            var expected = peer.Embed(tokenizer.Encode(text, new EncodeOptions { AddSpecialTokens = true }), pooling);
            Assert.InRange(expected.Zip(vector).Sum(pair => pair.First * pair.Second), 0.99999995, 1.00000005);
        }
    }

    /// <summary>Vectors that somebody has stored must mean the same with the next version.</summary>
    [Theory]
    [InlineData("minilm", 0.0143869f, 0.0423718f, -0.0781877f, 0.0561802f)]
    [InlineData("arctic-xs", -0.0061869f, 0.0256246f, -0.0164816f, -0.0150901f)]
    public async Task Vectors_stay_as_they_are(string name, params float[] first)
    {
        await using var embedder = await TextEmbedder.OpenAsync(
            models.Folder(name), new EmbeddingOptions { Threads = 2 }, cancellationToken: TestContext.Current.CancellationToken);
        var vector = (await embedder.EmbedAsync(Texts[..1], TestContext.Current.CancellationToken))[0];
        Assert.Equal(384, vector.Length);
        Assert.Equal(["English"], embedder.Languages);
        Assert.True(embedder.KnowsWords(Texts[0]));
        Assert.False(embedder.KnowsWords("ኢትዮጵያ ውስጥ ስንት ቋንቋዎች ይነገራሉ"));
        Assert.All(first.Zip(vector), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }
}
