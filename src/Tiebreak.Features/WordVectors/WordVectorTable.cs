using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using Tiebreak.Core;
using Tiebreak.Core.Files;
using Tiebreak.Features.TermVectors;
using Tiebreak.Text;

namespace Tiebreak.Features.WordVectors;

/// <summary>
/// One vector per word; a text has the mean of its words' vectors, scaled to length 1. Words are looked up by hashes, see
/// <see cref="TermHashes"/>.
/// </summary>
internal sealed class WordVectorTable
{
    private readonly VectorRows _vectors;
    private readonly HashIndex _numbers;

    /// <summary>Creates a table.</summary>
    /// <param name="words">The words in lower case.</param>
    /// <param name="vectors">One row per word.</param>
    internal WordVectorTable(IReadOnlyList<string> words, VectorRows vectors)
    {
        (Words, _vectors) = (words, vectors);
        _numbers = new HashIndex([.. words.Select(word => TermHashes.Of(TermKind.Words, word))]);
    }

    /// <summary>The words in lower case.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>Numbers in a vector.</summary>
    public int Dimensions => _vectors.Dimensions;

    /// <summary>The vector of a word.</summary>
    public ReadOnlySpan<float> this[int word] => _vectors.Numbers(word);

    /// <summary>The mean vector of a text, of length 1; zero where no word is known.</summary>
    /// <param name="text">The text.</param>
    /// <param name="mean">Receives <see cref="Dimensions"/> numbers.</param>
    public void Mean(string text, Span<float> mean)
    {
        using var words = WordScan.Of(text);
        Span<Vector512<float>> sums = stackalloc Vector512<float>[_vectors.Blocks];
        sums.Clear();
        foreach (var hash in words.Hashes)
        {
            if (_numbers.Find(hash) is not (var number and >= 0))
                continue;
            var vector = _vectors[number];
            for (var block = 0; block < sums.Length; block++)
                sums[block] += vector[block];
        }

        MemoryMarshal.Cast<Vector512<float>, float>(sums)[..Dimensions].CopyTo(mean);
        var length = TensorPrimitives.Norm(mean);
        if (length > 0)
            TensorPrimitives.Divide(mean, length, mean);
    }

    /// <summary>Writes the original word2vec text format: a line with both sizes, then a line per word.</summary>
    public Task WriteAsync(string path) => LineFile.WriteAsync(
        path,
        Enumerable.Range(0, Words.Count).Select(LineOf)
            .Prepend(string.Create(CultureInfo.InvariantCulture, $"{Words.Count} {Dimensions}")));

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

        var (words, vectors) = (new string[count], new VectorRows(count, dimensions));
        for (var i = 0; i < count; i++)
        {
            var fields = lines[i + 1].Split(' ');
            if (fields.Length != dimensions + 1)
            {
                throw new InputException(
                    $"{path}, line {i + 2} has {fields.Length - 1} numbers instead of {dimensions}. Train the judge again.");
            }

            words[i] = fields[0];
            for (var k = 0; k < dimensions; k++)
            {
                if (!float.TryParse(fields[k + 1], CultureInfo.InvariantCulture, out vectors.Numbers(i)[k]))
                    throw new InputException($"{path}, line {i + 2}: \"{fields[k + 1]}\" is not a number. Train the judge again.");
            }
        }

        return new WordVectorTable(words, vectors);
    }

    private string LineOf(int word)
    {
        var line = new StringBuilder(Words[word]);
        foreach (var value in this[word])
            line.Append(CultureInfo.InvariantCulture, $" {value:R}");
        return line.ToString();
    }
}
