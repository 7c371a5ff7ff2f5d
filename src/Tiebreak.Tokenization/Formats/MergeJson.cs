using System.Text.Json;
using Tiebreak.Core;
using Tiebreak.Tokenization.Models;

namespace Tiebreak.Tokenization.Formats;

/// <summary>Merges by name: the list of a tokenizer.json, or the lines of a merges.txt.</summary>
internal static class MergeJson
{
    /// <summary>Reads <c>["Ġ t", ..]</c> or <c>[["Ġ", "t"], ..]</c>.</summary>
    public static List<Merge> Read(JsonPart json, Dictionary<string, int> tokens)
    {
        var reader = new MergeReader(tokens);
        foreach (var item in json.Items())
        {
            var isPair = item.Element.ValueKind is JsonValueKind.Array;
            var pair = isPair ? [.. item.Items().Select(part => part.Text())] : item.Text().Split(' ');
            if (pair is not [var left, var right])
                throw item.Error("must be two tokens.");
            if (!reader.TryAdd(left, right))
            {
                throw item.Error(
                    $"merges \"{left}\" and \"{right}\", but these or what they make is not in the vocabulary. Download the file again.");
            }
        }

        return reader.Merges;
    }

    /// <summary>Reads a merges.txt.</summary>
    public static List<Merge> ReadLines(string path, Dictionary<string, int> tokens)
    {
        var reader = new MergeReader(tokens);
        var number = 0;
        using var lines = new StreamReader(new MemoryStream(FileContent.Read(path)));
        while (lines.ReadLine() is { } line)
        {
            number++;
            if (line.Length == 0 || (number == 1 && line.StartsWith("#version", StringComparison.Ordinal)))
                continue;
            if (line.Split(' ') is not [var left, var right])
                throw new InputException($"{path}, line {number}: a merge is two tokens with a space between them.");
            if (!reader.TryAdd(left, right))
            {
                throw new InputException($"{path}, line {number}: \"{left}\" and \"{right}\" or what they make is not in the vocabulary. "
                    + "The two files do not belong together.");
            }
        }

        return reader.Merges.Count > 0 ? reader.Merges : throw new InputException($"{path} has no merges. Download it again.");
    }

    private sealed class MergeReader(Dictionary<string, int> tokens)
    {
        private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _ids = tokens.GetAlternateLookup<ReadOnlySpan<char>>();

        public List<Merge> Merges { get; } = [];

        public bool TryAdd(string left, string right)
        {
            if (left.Length + right.Length > VocabularyLimits.MaxTokenBytes)
                return false;
            Span<char> both = stackalloc char[left.Length + right.Length];
            left.CopyTo(both);
            right.CopyTo(both[left.Length..]);
            if (!_ids.TryGetValue(left, out var leftId) || !_ids.TryGetValue(right, out var rightId)
                || !_ids.TryGetValue(both, out var result))
            {
                return false;
            }

            Merges.Add(new Merge(leftId, rightId, Merges.Count, result));
            return true;
        }
    }
}
