using System.Buffers.Text;
using Tiebreak.Core;

namespace Tiebreak.Tokenization.Formats;

/// <summary>
/// A list of ranks as tiktoken has it (https://github.com/openai/tiktoken): a line is a token's bytes in base64, a space and its rank,
/// which is its id. The split pattern and the special tokens are not in the file; they follow from how many ranks there are.
/// </summary>
internal static class TiktokenFile
{
    public static TokenizerParts Read(ReadOnlySpan<byte> content, string path)
    {
        var ranks = ReadRanks(content, path);
        var encoding = Array.Find(TiktokenEncoding.Known, known => known.Ranks == ranks.Count) ?? throw new InputException(
            $"{path} has {ranks.Count} ranks, which is none of the encodings that Tiebreak knows " +
            $"({string.Join(", ", TiktokenEncoding.Known.Select(known => $"{known.Name}: {known.Ranks}"))}). " +
            "It may be cut short; a tokenizer.json of the same model says all that is needed.");
        return encoding.Build(ranks);
    }

    private static List<KeyValuePair<byte[], int>> ReadRanks(ReadOnlySpan<byte> content, string path)
    {
        var ranks = new List<KeyValuePair<byte[], int>>(content.Length / 14);
        Span<byte> token = stackalloc byte[VocabularyLimits.MaxTokenBytes];
        var number = 0;
        while (!content.IsEmpty)
        {
            number++;
            var end = content.IndexOf((byte)'\n');
            var line = (end < 0 ? content : content[..end]).TrimEnd("\r"u8);
            content = end < 0 ? [] : content[(end + 1)..];
            if (line.IsEmpty)
                continue;
            var space = line.IndexOf((byte)' ');
            if (space < 1 || Base64.DecodeFromUtf8(line[..space], token, out _, out var length) is not System.Buffers.OperationStatus.Done
                || length == 0
                || !Utf8Parser.TryParse(line[(space + 1)..], out int rank, out var used) || used != line.Length - space - 1
                || rank is < 0 or >= VocabularyLimits.MaxIds)
            {
                throw new InputException($"{path}, line {number} is not a token in base64, a space and its rank. "
                    + "The file is cut short or damaged; download it again.");
            }

            ranks.Add(KeyValuePair.Create(token[..length].ToArray(), rank));
        }

        return ranks;
    }
}
