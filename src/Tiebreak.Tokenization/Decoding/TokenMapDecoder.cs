namespace Tiebreak.Tokenization.Decoding;

/// <summary>Rewrites every token by itself.</summary>
/// <param name="map">Gets the token and its place in the row.</param>
internal sealed class TokenMapDecoder(Func<string, int, string> map) : ITokenDecoder
{
    public static TokenMapDecoder Replace(string old, string replacement) =>
        new((token, _) => token.Replace(old, replacement, StringComparison.Ordinal));

    /// <summary>Takes a character away from the ends of every token, at most so many times.</summary>
    public static TokenMapDecoder Strip(char content, int start, int stop) => new((token, _) =>
    {
        var (from, to) = (0, token.Length);
        while (from < Math.Min(start, to) && token[from] == content)
            from++;
        while (token.Length - to < stop && to > from && token[to - 1] == content)
            to--;
        return token[from..to];
    });

    /// <summary>SentencePiece's mark becomes a space again, except in the first token.</summary>
    public static TokenMapDecoder Metaspace(string mark, bool dropsFirst) => new((token, index) =>
        token.Replace(mark, index == 0 && dropsFirst ? "" : " ", StringComparison.Ordinal));

    /// <summary>
    /// WordPiece: pieces that do not continue a word get a space before them; cleaning up takes it from before punctuation.
    /// </summary>
    public static TokenMapDecoder WordPiece(string prefix, bool cleansUp) => new((token, index) =>
    {
        if (index > 0)
            token = token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : " " + token;
        return cleansUp ? CleanUp(token) : token;
    });

    public List<string> Decode(List<string> tokens) => [.. tokens.Select(map)];

    private static string CleanUp(string token) => token
        .Replace(" .", ".", StringComparison.Ordinal).Replace(" ?", "?", StringComparison.Ordinal)
        .Replace(" !", "!", StringComparison.Ordinal)
        .Replace(" ,", ",", StringComparison.Ordinal).Replace(" ' ", "'", StringComparison.Ordinal)
        .Replace(" n't", "n't", StringComparison.Ordinal)
        .Replace(" 'm", "'m", StringComparison.Ordinal).Replace(" do not", " don't", StringComparison.Ordinal)
        .Replace(" 's", "'s", StringComparison.Ordinal).Replace(" 've", "'ve", StringComparison.Ordinal)
        .Replace(" 're", "'re", StringComparison.Ordinal);
}
