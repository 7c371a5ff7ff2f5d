namespace Tiebreak.Tokenization.Vocabularies;

/// <summary>The tokens by id and by text.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _ids;
    private readonly string?[] _tokens;

    /// <summary>Creates the vocabulary: the model's tokens, then the added ones, which win.</summary>
    public Vocabulary(IReadOnlyCollection<KeyValuePair<string, int>> tokens, IReadOnlyCollection<AddedToken> added)
    {
        var last = Math.Max(
            tokens.Select(pair => pair.Value).DefaultIfEmpty(-1).Max(), added.Select(token => token.Id).DefaultIfEmpty(-1).Max());
        _tokens = new string?[last + 1];
        _ids = new Dictionary<string, int>(tokens.Count + added.Count, StringComparer.Ordinal);
        foreach (var (token, id) in tokens)
        {
            _ids[token] = id;
            _tokens[id] ??= token;
        }

        foreach (var token in added)
        {
            _ids[token.Content] = token.Id;
            _tokens[token.Id] = token.Content;
        }
    }

    /// <summary>One more than the highest id.</summary>
    public int Size => _tokens.Length;

    public int? IdOf(string token) => _ids.TryGetValue(token, out var id) ? id : null;

    public string? TokenOf(int id) => (uint)id < (uint)_tokens.Length ? _tokens[id] : null;
}
