using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Tiebreak.Core.Randomness;
using Tiebreak.Text;

namespace Tiebreak.Boosting.WordVectors;

/// <summary>
/// Skip-gram with negative sampling (Mikolov et al. 2013, arXiv 1310.4546). One thread, because threads that share vectors without locks, as the
/// original does, give another answer each time.
/// </summary>
/// <param name="options">Sizes.</param>
/// <param name="seed">Seed of every random choice.</param>
public sealed class WordVectorTrainer(WordVectorOptions options, ulong seed)
{
    internal const int LongestWord = 32; // longer "words" are data

    private const int EndOfText = -1;
    private const float FirstRate = 0.05f;
    private const double Subsampling = 1e-3;
    private const int NoiseSize = 1 << 18;

    private readonly int _dimensions = options.Dimensions;
    private SeededRandom _random = new(seed);

    /// <summary>Trains on texts.</summary>
    /// <param name="texts">The texts; they are read twice.</param>
    /// <param name="cancellationToken">Stops between texts.</param>
    public WordVectorTable Train(IReadOnlyList<string> texts, CancellationToken cancellationToken = default)
    {
        var (words, counts) = Count(texts);
        var (tokens, passes) = Tokens(texts, words);
        var input = new float[words.Count * _dimensions];
        var output = new float[words.Count * _dimensions];
        foreach (ref var value in input.AsSpan())
            value = (float)((_random.NextDouble() - 0.5) / _dimensions);
        if (words.Count > 1)
            Learn(tokens, passes, counts, input, output, cancellationToken);
        foreach (ref var value in input.AsSpan())
            value = MathF.Round(value, 4); // what is saved is what is used
        return new WordVectorTable(words, _dimensions, input);
    }

    private (List<string> Words, int[] Counts) Count(IReadOnlyList<string> texts)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> lower = stackalloc char[LongestWord];
        foreach (var text in Sample(texts))
        {
            foreach (var word in new Words(text))
            {
                if (word.Length <= LongestWord)
                    CollectionsMarshal.GetValueRefOrAddDefault(lookup, lower[..word.ToLowerInvariant(lower)], out _)++;
            }
        }

        var kept = counts.Where(word => word.Value >= options.MinCount)
            .OrderByDescending(word => word.Value).ThenBy(word => word.Key, StringComparer.Ordinal).Take(options.MaxWords).ToList();
        return ([.. kept.Select(word => word.Key)], [.. kept.Select(word => word.Value)]);
    }

    // Of a collection with more characters than the words can have, every n-th text.
    private IEnumerable<string> Sample(IReadOnlyList<string> texts)
    {
        const long CharactersPerWord = 6;
        var step = 1 + (int)(texts.Sum(text => (long)text.Length) / (CharactersPerWord * options.TrainingWords));
        return step == 1 ? texts : texts.Where((_, i) => i % step == 0);
    }

    private (int[] Tokens, int Passes) Tokens(IReadOnlyList<string> texts, List<string> words)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var word in words)
            numbers.Add(word, numbers.Count);
        var lookup = numbers.GetAlternateLookup<ReadOnlySpan<char>>();
        var tokens = new List<int>();
        Span<char> lower = stackalloc char[LongestWord];
        foreach (var text in Sample(texts))
        {
            foreach (var word in new Words(text))
            {
                if (word.Length <= LongestWord && lookup.TryGetValue(lower[..word.ToLowerInvariant(lower)], out var number))
                    tokens.Add(number);
            }

            tokens.Add(EndOfText);
        }

        return ([.. tokens], Math.Clamp(options.TrainingWords / Math.Max(1, tokens.Count), 1, 10));
    }

    private void Learn(int[] tokens, int passes, int[] counts, float[] input, float[] output, CancellationToken cancellationToken)
    {
        var noise = Noise(counts);
        var total = counts.Sum(count => (double)count);
        var keep = counts.Select(count => Math.Sqrt(Subsampling * total / count)).ToArray();
        var change = new float[_dimensions];
        var sentence = new List<int>();
        var (done, all) = (0L, (long)tokens.Length * passes);
        for (var pass = 0; pass < passes; pass++)
        {
            foreach (var token in tokens)
            {
                done++;
                if (token != EndOfText)
                {
                    if (keep[token] >= 1 || _random.NextDouble() < keep[token])
                        sentence.Add(token);
                    continue;
                }

                cancellationToken.ThrowIfCancellationRequested();
                LearnText(CollectionsMarshal.AsSpan(sentence), FirstRate * MathF.Max(1 - ((float)done / all), 1e-4f), noise, input, output, change);
                sentence.Clear();
            }
        }
    }

    private void LearnText(ReadOnlySpan<int> words, float rate, int[] noise, float[] input, float[] output, float[] change)
    {
        for (var center = 0; center < words.Length; center++)
        {
            var reach = 1 + _random.Next(options.Window);
            for (var other = Math.Max(0, center - reach); other <= Math.Min(words.Length - 1, center + reach); other++)
            {
                if (other != center)
                    LearnPair(words[other], words[center], rate, noise, input, output, change);
            }
        }
    }

    private void LearnPair(int word, int neighbour, float rate, int[] noise, float[] input, float[] output, Span<float> change)
    {
        var vector = input.AsSpan(word * _dimensions, _dimensions);
        change.Clear();
        for (var k = 0; k <= options.Negatives; k++)
        {
            var target = k == 0 ? neighbour : noise[_random.Next(noise.Length)];
            if (k > 0 && target == neighbour)
                continue;

            var context = output.AsSpan(target * _dimensions, _dimensions);
            var chance = 1 / (1 + MathF.Exp(-TensorPrimitives.Dot(vector, context)));
            var step = rate * ((k == 0 ? 1 : 0) - chance);
            TensorPrimitives.MultiplyAdd(context, step, change, change);
            TensorPrimitives.MultiplyAdd(vector, step, context, context);
        }

        TensorPrimitives.Add(vector, change, vector);
    }

    // Words by their frequency to the power 3/4.
    private static int[] Noise(int[] counts)
    {
        var noise = new int[NoiseSize];
        var total = counts.Sum(count => Math.Pow(count, 0.75));
        var (word, reached) = (0, Math.Pow(counts[0], 0.75) / total);
        for (var i = 0; i < noise.Length; i++)
        {
            noise[i] = word;
            if ((i + 1.0) / noise.Length > reached && word < counts.Length - 1)
                reached += Math.Pow(counts[++word], 0.75) / total;
        }

        return noise;
    }
}
