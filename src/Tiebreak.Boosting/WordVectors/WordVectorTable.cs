using System.Globalization;
using System.Numerics.Tensors;
using System.Text;
using Tiebreak.Core;
using Tiebreak.Text;

namespace Tiebreak.Boosting.WordVectors;

/// <summary>One vector per word; a text has the mean of its words' vectors, scaled to length 1.</summary>
public sealed class WordVectorTable
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly float[] _values;

    /// <summary>Creates a table.</summary>
    /// <param name="words">The words in lower case.</param>
    /// <param name="dimensions">Numbers in a vector.</param>
    /// <param name="values"><c>[words, dimensions]</c>.</param>
    public WordVectorTable(IReadOnlyList<string> words, int dimensions, float[] values)
    {
        Words = words;
        Dimensions = dimensions;
        _values = values;
        var numbers = new Dictionary<string, int>(words.Count, StringComparer.Ordinal);
        foreach (var word in words)
            numbers.Add(word, numbers.Count);
        _lookup = numbers.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The words in lower case.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>Numbers in a vector.</summary>
    public int Dimensions { get; }

    /// <summary>The vector of a word.</summary>
    public ReadOnlySpan<float> this[int word] => _values.AsSpan(word * Dimensions, Dimensions);

    /// <summary>The mean vector of a text, of length 1; zero where no word is known.</summary>
    /// <param name="text">The text.</param>
    /// <param name="mean">Receives <see cref="Dimensions"/> numbers.</param>
    public void Mean(ReadOnlySpan<char> text, Span<float> mean)
    {
        mean.Clear();
        Span<char> lower = stackalloc char[WordVectorTrainer.LongestWord];
        foreach (var word in new Words(text))
        {
            if (word.Length <= lower.Length && _lookup.TryGetValue(lower[..word.ToLowerInvariant(lower)], out var number))
                TensorPrimitives.Add(mean, this[number], mean);
        }

        var length = TensorPrimitives.Norm(mean);
        if (length > 0)
            TensorPrimitives.Divide(mean, length, mean);
    }

    /// <summary>Writes the original word2vec text format: a line with both sizes, then a line per word.</summary>
    public async Task WriteAsync(string path)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Words.Count} {Dimensions}\n");
        for (var i = 0; i < Words.Count; i++)
        {
            text.Append(Words[i]);
            foreach (var value in this[i])
                text.Append(CultureInfo.InvariantCulture, $" {value:R}");
            text.Append('\n');
        }

        await File.WriteAllTextAsync(path, text.ToString());
    }

    /// <summary>Reads the format that <see cref="WriteAsync"/> writes.</summary>
    /// <exception cref="InputException">Not such a file.</exception>
    public static WordVectorTable Read(string path)
    {
        var lines = File.ReadAllLines(path);
        var sizes = lines.Length > 0 ? lines[0].Split(' ') : [];
        if (sizes.Length != 2 || !int.TryParse(sizes[0], CultureInfo.InvariantCulture, out var count) || count != lines.Length - 1 ||
            !int.TryParse(sizes[1], CultureInfo.InvariantCulture, out var dimensions) || dimensions is < 1 or > 4096)
        {
            throw new InputException($"{path} is not a file of word vectors. Train the judge again.");
        }

        var (words, values) = (new string[count], new float[count * dimensions]);
        for (var i = 0; i < count; i++)
        {
            var fields = lines[i + 1].Split(' ');
            if (fields.Length != dimensions + 1)
                throw new InputException($"{path}, line {i + 2} has {fields.Length - 1} numbers instead of {dimensions}. Train the judge again.");
            words[i] = fields[0];
            for (var k = 0; k < dimensions; k++)
            {
                if (!float.TryParse(fields[k + 1], CultureInfo.InvariantCulture, out values[(i * dimensions) + k]))
                    throw new InputException($"{path}, line {i + 2}: \"{fields[k + 1]}\" is not a number. Train the judge again.");
            }
        }

        return new WordVectorTable(words, dimensions, values);
    }
}
