using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Tiebreak.Core.Randomness;
using Tiebreak.Text;

namespace Tiebreak.Features.WordVectors;

/// <summary>
/// Skip-gram with negative sampling (Mikolov et al. 2013, arXiv 1310.4546). One thread, because threads that share vectors without locks,
/// as the original does, give another answer each time.
/// </summary>
/// <param name="options">Sizes.</param>
/// <param name="seed">Seed of every random choice.</param>
internal sealed class WordVectorTrainer(WordVectorOptions options, ulong seed)
{
    private const int LongestWord = 32; // longer "words" are data
    private const int EndOfText = -1;
    private const int Dropped = -2;
    private const float FirstRate = 0.05f;
    private const double Subsampling = 1e-3;
    private const int NoiseSize = 1 << 18;
    private const int WordsBetweenReports = 1 << 16;

    private readonly int[] _targets = new int[options.Negatives + 1];
    private readonly float[] _steps = new float[options.Negatives + 1];
    private SeededRandom _random = new(seed);

    /// <summary>Trains on texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="progress">Receives the words done and those there are to do, again and again.</param>
    /// <param name="cancellationToken">Stops between texts.</param>
    public WordVectorTable Train(
        IReadOnlyList<string> texts, Action<long, long>? progress = null, CancellationToken cancellationToken = default)
    {
        var (words, counts, tokens) = Read(texts);
        var (input, output) = (new VectorRows(words.Length, options.Dimensions), new VectorRows(words.Length, options.Dimensions));
        for (var word = 0; word < words.Length; word++)
        {
            foreach (ref var value in input.Numbers(word))
                value = (float)((_random.NextDouble() - 0.5) / options.Dimensions);
        }

        if (words.Length > 1)
            Learn(tokens, counts, input, output, progress, cancellationToken);
        for (var word = 0; word < words.Length; word++)
        {
            foreach (ref var value in input.Numbers(word))
                value = MathF.Round(value, 4); // what is saved is what is used
        }

        return new WordVectorTable(words, input);
    }

    /// <summary>The kept words, most frequent first, how often they occur, and the texts as their numbers.</summary>
    private (string[] Words, int[] Counts, int[] Tokens) Read(IReadOnlyList<string> texts)
    {
        var numbers = new Dictionary<ulong, int>(); // by hash, in the order in which words occur first
        var (words, counts, tokens) = (new List<string>(), new List<int>(), new List<int>());
        foreach (var text in Sample(texts))
        {
            using var scan = WordScan.Of(text);
            for (var i = 0; i < scan.Count; i++)
            {
                if (scan.Length(i) > LongestWord)
                    continue;
                ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, scan.Hashes[i], out var isKnown);
                if (!isKnown)
                {
                    number = words.Count;
                    words.Add(scan.LowerWord(i).ToString());
                    counts.Add(0);
                }

                counts[number]++;
                tokens.Add(number);
            }

            tokens.Add(EndOfText);
        }

        int[] kept = [.. Enumerable.Range(0, words.Count).Where(word => counts[word] >= options.MinCount)
            .OrderByDescending(word => counts[word]).ThenBy(word => words[word], StringComparer.Ordinal).Take(options.MaxWords)];
        var places = new int[words.Count];
        Array.Fill(places, Dropped);
        for (var place = 0; place < kept.Length; place++)
            places[kept[place]] = place;
        return (
            [.. kept.Select(word => words[word])], [.. kept.Select(word => counts[word])],
            [.. tokens.Select(token => token == EndOfText ? EndOfText : places[token]).Where(token => token != Dropped)]);
    }

    // Of a collection with more characters than the words can have, every n-th text.
    private IEnumerable<string> Sample(IReadOnlyList<string> texts)
    {
        const long CharactersPerWord = 6;
        var step = 1 + (int)(texts.Sum(text => (long)text.Length) / (CharactersPerWord * options.TrainingWords));
        return step == 1 ? texts : texts.Where((_, i) => i % step == 0);
    }

    private void Learn(
        int[] tokens, int[] counts, VectorRows input, VectorRows output, Action<long, long>? progress, CancellationToken cancellationToken)
    {
        var passes = Math.Clamp(options.TrainingWords / Math.Max(1, tokens.Length), 1, 10);
        var noise = Noise(counts);
        var total = counts.Sum(count => (double)count);
        var keep = counts.Select(count => Math.Sqrt(Subsampling * total / count)).ToArray();
        var change = new Vector512<float>[input.Blocks];
        var sentence = new List<int>();
        var (done, all) = (0L, (long)tokens.Length * passes);
        for (var pass = 0; pass < passes; pass++)
        {
            foreach (var token in tokens)
            {
                if (done++ % WordsBetweenReports == 0)
                    progress?.Invoke(done, all);
                if (token != EndOfText)
                {
                    if (keep[token] >= 1 || _random.NextDouble() < keep[token])
                        sentence.Add(token);
                    continue;
                }

                cancellationToken.ThrowIfCancellationRequested();
                LearnText(
                    CollectionsMarshal.AsSpan(sentence), FirstRate * MathF.Max(1 - ((float)done / all), 1e-4f),
                    noise, input, output, change);
                sentence.Clear();
            }
        }
    }

    private void LearnText(
        ReadOnlySpan<int> words, float rate, int[] noise, VectorRows input, VectorRows output, Span<Vector512<float>> change)
    {
        for (var center = 0; center < words.Length; center++)
        {
            var reach = 1 + _random.Next(options.Window);
            for (var other = Math.Max(0, center - reach); other <= Math.Min(words.Length - 1, center + reach); other++)
            {
                if (other != center)
                    LearnPair(input[words[other]], words[center], rate, noise, output, change);
            }
        }
    }

    private void LearnPair(
        Span<Vector512<float>> vector, int neighbour, float rate, int[] noise, VectorRows output, Span<Vector512<float>> change)
    {
        var count = 1;
        _targets[0] = neighbour;
        for (var k = 0; k < options.Negatives; k++)
        {
            if (noise[_random.Next(noise.Length)] is var target && target != neighbour)
                _targets[count++] = target;
        }

        // All products first: each is a chain of operations that wait for each other, and several chains run at once.
        ReadOnlySpan<int> targets = _targets.AsSpan(0, count);
        for (var k = 0; k < count; k++)
            _steps[k] = Step(vector, output[targets[k]], isNeighbour: k == 0, rate);

        change.Clear();
        for (var k = 0; k < count; k++)
        {
            var context = output[targets[k]];
            var step = Vector512.Create(IsDrawnAgain(targets, k) ? Step(vector, context, isNeighbour: false, rate) : _steps[k]);
            for (var block = 0; block < context.Length; block++)
            {
                change[block] = Vector512.MultiplyAddEstimate(context[block], step, change[block]);
                context[block] = Vector512.MultiplyAddEstimate(vector[block], step, context[block]);
            }
        }

        for (var block = 0; block < change.Length; block++)
            vector[block] += change[block];
    }

    // And has changed since. Of so few numbers a plain loop is faster than a call of Contains.
    private static bool IsDrawnAgain(ReadOnlySpan<int> targets, int place)
    {
        for (var k = 0; k < place; k++)
        {
            if (targets[k] == targets[place])
                return true;
        }

        return false;
    }

    private static float Step(ReadOnlySpan<Vector512<float>> vector, ReadOnlySpan<Vector512<float>> context, bool isNeighbour, float rate)
    {
        var product = Vector512<float>.Zero;
        for (var block = 0; block < context.Length; block++)
            product = Vector512.MultiplyAddEstimate(vector[block], context[block], product);
        return rate * ((isNeighbour ? 1 : 0) - (1 / (1 + MathF.Exp(-Vector512.Sum(product)))));
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
