using System.Text;
using Tiebreak.Core;
using Tiebreak.Tokenization.Decoding;
using Tiebreak.Tokenization.Models;
using Tiebreak.Tokenization.Normalization;
using Tiebreak.Tokenization.Splitting;
using Tiebreak.Tokenization.Templates;
using Tiebreak.Tokenization.Vocabularies;

namespace Tiebreak.Tokenization.Formats;

/// <summary>BERT's <c>vocab.txt</c>: a token a line, its id the line's number from 0.</summary>
internal static class WordPieceFile
{
    public const string Prefix = "##";
    public const int MaxCharacters = 100;

    private static readonly string[] SpecialTokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    public static TokenizerParts Read(byte[] content, string path, TokenizerConfig? config)
    {
        var tokens = new Dictionary<string, int>(StringComparer.Ordinal);
        using var reader = new StreamReader(new MemoryStream(content));
        for (var id = 0; reader.ReadLine() is { } line; id++)
        {
            if (line.Length > VocabularyLimits.MaxTokenBytes)
            {
                throw new InputException(
                    $"{path}, line {id + 1} has {line.Length} characters: this is not a vocabulary with a token a line.");
            }

            tokens[line] = id;
        }

        foreach (var needed in SpecialTokens[1..4])
        {
            if (!tokens.ContainsKey(needed))
                throw new InputException($"{path} lacks the token {needed}: it is not the vocabulary of a BERT model, or it is cut short.");
        }

        var lowers = config?.LowersCase ?? true;
        var parts = new TokenizerParts
        {
            Description = "WordPiece",
            Tokens = tokens,
            Model = Model(tokens, Prefix, tokens["[UNK]"], MaxCharacters),
            Added = [.. SpecialTokens.Where(tokens.ContainsKey)
                .Select(token => new AddedToken { Content = token, Id = tokens[token], IsSpecial = true })],
            Normalizers = [new BertTransform(cleans: true, config?.IsolatesIdeographs ?? true, config?.StripsAccents ?? lowers, lowers)],
            Splitter = new BertSplitter(),
            Template = SpecialTokensTemplate.Bert(tokens["[CLS]"], tokens["[SEP]"]),
            Decoders = [TokenMapDecoder.WordPiece(Prefix, cleansUp: true)],
        };
        return config?.Apply(parts) ?? parts;
    }

    public static WordPieceModel Model(IReadOnlyDictionary<string, int> tokens, string prefix, int unknown, int maxCharacters)
    {
        ByteTrie Trie(Func<string, bool> belongs, int skip) => new(tokens.Where(pair => belongs(pair.Key))
            .Select(pair => KeyValuePair.Create(Encoding.UTF8.GetBytes(pair.Key[skip..]), pair.Value)));

        // A word may itself begin with the prefix ("##" in a text), so that beginnings are all tokens.
        return new WordPieceModel(
            Trie(_ => true, 0), Trie(token => token.StartsWith(prefix, StringComparison.Ordinal), prefix.Length), unknown, maxCharacters);
    }
}
