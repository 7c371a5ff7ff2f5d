using Tiebreak.Core;
using Tiebreak.Core.Randomness;
using Tiebreak.Features.Identification;

namespace Tiebreak.Features.Tests;

public sealed class ModelIdentifierTests
{
    [Fact]
    public void It_tells_writers_by_their_words_and_says_which()
    {
        var training = new ModelIdentifierTrainer(new IdentificationOptions(), threads: 2).Train(Responses(300), foldCount: 3);
        Assert.True(training.TopAccuracy(1) > 0.9, $"{training.TopAccuracy(1)}");
        Assert.Equal(1, training.TopAccuracy(3));

        var probabilities = training.Identifier.Identify("certainly tree stone river");
        Assert.Equal(["eager", "plain", "rude"], training.Identifier.Models);
        Assert.Equal(1, probabilities.Sum(), 9);
        Assert.Equal(0, Array.IndexOf(probabilities, probabilities.Max()));
        Assert.Contains("certainly", training.Identifier.Explain("certainly tree stone river", 0)[0].Term, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_tells_them_apart_the_probabilities_are_the_shares()
    {
        var noise = Responses(300).Select((response, i) => response with { Text = "the same words", Model = i % 3 == 0 ? "one" : "two" });
        var identifier = new ModelIdentifierTrainer(new IdentificationOptions(), threads: 2).Train([.. noise], foldCount: 3).Identifier;
        Assert.Equal(1.0 / 3, identifier.Identify("the same words")[0], 0.02);
        Assert.Equal(1.0 / 3, identifier.Identify(null)[0], 0.02);
    }

    [Fact]
    public void One_model_alone_is_refused() =>
        Assert.Throws<InputException>(() => new ModelIdentifierTrainer(new IdentificationOptions(), 1).Train([new("text", "only", 0)], 2));

    private static WrittenResponse[] Responses(int count)
    {
        var random = new SeededRandom(5);
        string[] words = ["tree", "river", "stone", "cloud", "lamp"];
        (string Model, string Word)[] writers = [("eager", "certainly"), ("plain", "well"), ("rude", "no")];
        return
        [
            .. Enumerable.Range(0, count).Select(i =>
            {
                var (model, word) = writers[i % writers.Length];
                return new WrittenResponse(
                    $"{word} {string.Join(' ', Enumerable.Range(0, 8).Select(_ => words[random.Next(words.Length)]))}",
                    model,
                    i / writers.Length % 3);
            }),
        ];
    }
}
