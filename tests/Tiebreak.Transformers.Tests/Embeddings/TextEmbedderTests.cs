using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Testing;
using Tiebreak.Transformers.Embeddings;
using Tiebreak.Transformers.Tests.Judges;

namespace Tiebreak.Transformers.Tests.Embeddings;

public sealed class TextEmbedderTests
{
    private static readonly EmbeddingOptions Options = new() { MaxTokens = 64, Threads = 2 };

    [Theory]
    [InlineData(EmbeddingPooling.Mean)]
    [InlineData(EmbeddingPooling.Token)]
    public async Task Vectors_are_the_states_of_the_same_text_in_a_battle_scaled_to_length_1(EmbeddingPooling pooling)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var model = TinyModel.Gemma(folder);
        var tooLong = string.Concat(Enumerable.Repeat("long ", 99));
        string[] texts = ["What is the capital of France?", "Paris.", "What is the capital of France?", tooLong];

        await using var embedder = await TextEmbedder.OpenAsync(model, Options, pooling, cancellationToken: cancellation);
        var vectors = await embedder.EmbedAsync(texts, cancellation);

        await using var ofBattles = await BattleEmbedder.OpenAsync(model, Options, cancellation);
        Battle[] battles = [.. texts.Select(text => new Battle { Id = "1", Turns = [new Turn(text, null, null)] })];
        var states = await ofBattles.EmbedAsync(battles, pooling, cancellationToken: cancellation);
        Assert.Equal(("gemma", 16), (embedder.ModelId, embedder.Dimension));
        Assert.Equal([false, false, false, true], texts.Select(embedder.IsCut));
        Assert.True(embedder.KnowsWords(texts[0]));
        Assert.Empty(embedder.Languages);
        foreach (var (vector, expected) in vectors.Zip(states.Select(state => state.Prompt!)))
        {
            Assert.Equal(embedder.Dimension, vector.Length);
            Assert.Equal(1, Dot(vector, vector), 1e-5);
            Assert.Equal(Math.Sqrt(Dot(expected, expected)), Dot(vector, expected), 1e-4);
        }

        Assert.Equal(1, Dot(vectors[0], vectors[2]), 1e-5);
        Assert.InRange(Dot(vectors[0], vectors[1]), -1, 0.999);
    }

    [Fact]
    public async Task What_cannot_be_embedded_is_refused()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var model = TinyModel.Gemma(folder, positions: 32);
        await Assert.ThrowsAsync<InputException>(() => TextEmbedder.OpenAsync(model, Options, cancellationToken: cancellation));

        await using var embedder = await TextEmbedder.OpenAsync(
            model, Options with { MaxTokens = 32 }, languages: ["English"], cancellationToken: cancellation);
        Assert.Equal(["English"], embedder.Languages);
        await Assert.ThrowsAsync<ArgumentException>(() => embedder.EmbedAsync(["a text", ""], cancellation));
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => embedder.EmbedAsync(["a text"], cancelled));
    }

    private static double Dot(IReadOnlyList<float> one, IReadOnlyList<float> other) =>
        one.Zip(other).Sum(pair => (double)pair.First * pair.Second);
}
