using System.Numerics.Tensors;
using Tiebreak.Core;
using Tiebreak.Core.Randomness;
using Tiebreak.Features.WordVectors;
using Tiebreak.Testing;

namespace Tiebreak.Features.Tests;

public sealed class WordVectorTests
{
    private static readonly WordVectorOptions Options = new() { Dimensions = 24, TrainingWords = 60_000 };
    private static readonly WordVectorTable Table = new WordVectorTrainer(Options, seed: 1).Train(Texts());

    [Fact]
    public void Words_that_stand_in_the_same_places_are_close()
    {
        float Similarity(string one, string other) => TensorPrimitives.CosineSimilarity(Vector(one), Vector(other));
        Assert.True(Similarity("cat", "dog") > Similarity("cat", "car") + 0.2f);
        Assert.True(Similarity("car", "bus") > Similarity("dog", "bus") + 0.2f);
    }

    [Fact]
    public void The_same_seed_gives_the_same_vectors() =>
        Assert.Equal(Vector("cat"), Vector("cat", new WordVectorTrainer(Options, seed: 1).Train(Texts())));

    [Fact]
    public void A_text_has_the_mean_of_the_words_that_are_known_in_any_case_at_length_1()
    {
        Assert.Equal(1, TensorPrimitives.CosineSimilarity(Sum("cat", "bus", "bus"), Vector("Bus, unheard-of CAT; bus")), 1e-5f);
        Assert.Equal(1, TensorPrimitives.Norm(Vector("cat bus")), 1e-5f);
        Assert.All(Vector("unheard of"), value => Assert.Equal(0, value));

        static float[] Sum(params string[] words)
        {
            var sum = new float[Options.Dimensions];
            foreach (var word in words)
                TensorPrimitives.Add(sum, Table[Table.Words.ToList().IndexOf(word)], sum);
            return sum;
        }
    }

    [Fact]
    public async Task A_table_survives_its_file_exactly_and_a_broken_file_is_named()
    {
        using var folder = new TemporaryFolder();
        await Table.WriteAsync(folder["v.txt"]);
        var read = WordVectorTable.Read(folder["v.txt"]);
        Assert.Equal(Table.Words, read.Words);
        Assert.Equal(Vector("bus"), Vector("bus", read));
        Assert.Contains(
            "bad.txt",
            Assert.Throws<InputException>(() => WordVectorTable.Read(folder.Write("bad.txt", "2 2\na 1 2\nb 1\n"))).Message,
            StringComparison.Ordinal);
    }

    private static float[] Vector(string text, WordVectorTable? table = null)
    {
        var mean = new float[Options.Dimensions];
        (table ?? Table).Mean(text, mean);
        return mean;
    }

    private static string[] Texts()
    {
        var random = new SeededRandom(3);
        string[][] worlds = [["cat", "dog", "fur", "paw", "tail", "bark"], ["car", "bus", "road", "wheel", "engine", "brake"]];
        return
        [
            .. Enumerable.Range(0, 400).Select(i => string.Join(' ', Enumerable.Range(0, 20).Select(_ => worlds[i % 2][random.Next(6)]))),
        ];
    }
}
